import { verify } from './verify.ts';

const shared = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const publicKey = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
const first = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
const second = {
  id: 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
  timestamp: 1649367553,
  body: '{"email":"test@example.com","username":"test_user"}',
};

it.each([
  [shared, first, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
  ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', second, 'v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw='],
  [publicKey, first, 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=='],
])('accepts the published signature for %s', (key, { id, timestamp, body }, signature) => {
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
  const message = verify(Buffer.from(body), headers, key, { now: () => timestamp * 1_000 });
  expect(message).toMatchObject({ id, timestamp: new Date(timestamp * 1_000), body: Buffer.from(body) });
  expect(message.json()).toEqual(JSON.parse(body));
});
