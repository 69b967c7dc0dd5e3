import { listOwnPorts } from './own-ports.ts';

it('lists the ports of this machine once each, and the further ones', () => {
  const urls = [
    'http://127.0.0.1:8071',
    'http://localhost:9000/',
    'http://[::1]:9001',
    'http://localhost',
    '',
    'https://localhost',
  ];
  expect(listOwnPorts(urls, ' 9000, 5432')).toBe('8071,9000,9001,80,443,5432');
});

it('leaves out other machines, where a receiver may be', () => {
  expect(listOwnPorts(['https://dynamodb.eu-central-1.amazonaws.com', 'http://10.0.0.1:8000'])).toBe('');
});
