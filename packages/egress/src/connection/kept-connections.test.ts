import { Socket } from 'node:net';
import { createConnection } from './connection.ts';
import { createKeptConnections, maxKeptConnections } from './kept-connections.ts';

function kept() {
  const clock = { ms: 0 };
  return { clock, connections: createKeptConnections(() => clock.ms) };
}
const aConnection = () => createConnection(new Socket(), 0);

describe('kept connections', () => {
  it('are given back once, the last used first, to their own origin', () => {
    const { connections } = kept();
    const [one, two] = [aConnection(), aConnection()];
    for (const connection of [one, two]) connections.keep('http://a', connection, 10);
    expect(connections.take('http://b')).toBeUndefined();
    expect(connections.take('http://a')).toBe(two);
    expect(connections.take('http://a')).toBe(one);
    expect(connections.take('http://a')).toBeUndefined();
    expect(one).toMatchObject({ isReused: true, hasAnswered: false });
  });

  it('are closed and not given back when their time is over', () => {
    const { connections, clock } = kept();
    const [late, swept] = [aConnection(), aConnection()];
    connections.keep('http://a', late, 10);
    clock.ms = 10;
    expect(connections.take('http://a')).toBeUndefined();
    connections.keep('http://a', swept, 10);
    clock.ms = 20;
    connections.sweep();
    expect([late, swept].map(({ socket }) => socket.destroyed)).toEqual([true, true]);
  });

  it('are closed a minute after they were opened, so that their name is looked up again', () => {
    const { connections, clock } = kept();
    const [young, old] = [aConnection(), aConnection()];
    clock.ms = 59_999;
    connections.keep('http://a', young, 10);
    clock.ms = 60_000;
    connections.keep('http://a', old, 10);
    expect([young, old].map(({ socket }) => socket.destroyed)).toEqual([false, true]);
  });

  it('are not given back if they were closed meanwhile', () => {
    const { connections } = kept();
    const connection = aConnection();
    connections.keep('http://a', connection, 10);
    connection.socket.destroy();
    expect(connections.take('http://a')).toBeUndefined();
  });

  it('are closed if anything arrives, because no request is open', () => {
    const { connections } = kept();
    const connection = aConnection();
    connections.keep('http://a', connection, 10);
    connection.socket.emit('data', Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
    expect(connection.socket.destroyed).toBe(true);
  });

  it('are limited in number', () => {
    const { connections, clock } = kept();
    const all = Array.from({ length: maxKeptConnections + 1 }, aConnection);
    for (const connection of all) connections.keep('http://a', connection, 10);
    expect(all.map(({ socket }) => socket.destroyed).lastIndexOf(false)).toBe(maxKeptConnections - 1);
    clock.ms = 10;
    connections.sweep();
    const another = aConnection();
    connections.keep('http://a', another, 10);
    expect(another.socket.destroyed).toBe(false);
  });
});
