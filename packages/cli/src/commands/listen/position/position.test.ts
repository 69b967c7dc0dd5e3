import { afterAnswer, afterMessage, type Position } from './position.ts';

const until = new Date('2026-01-31T12:01:00Z');
const start: Position = { sink: 'sink', iterator: '7', backlog: { until }, handedOver: [] };
const at = (id: string, time: string) => ({ id, acceptedAt: new Date(`2026-01-31T${time}Z`) });

describe('older messages that the log can have, too', () => {
  const overlapping = afterMessage(afterMessage(start, at('msg_1', '11:30:00')), at('msg_2', '12:00:30'));

  it('are those from shortly before the end of the list', () => {
    expect(overlapping).toMatchObject({ handedOver: ['msg_1', 'msg_2'], overlap: { until, ids: ['msg_2'] } });
  });

  it('are known until the log is ten minutes past the end of the list', () => {
    const listed = afterAnswer(overlapping, { messages: [at('msg_3', '12:12:00')], iterator: '7' });
    expect(listed).toMatchObject({ handedOver: [], overlap: { until, ids: ['msg_2'] } });
    const before = afterAnswer(listed, { messages: [at('msg_3', '12:10:30')], iterator: '8' });
    expect(before.overlap).toEqual({ until, ids: ['msg_2'] });
    expect(afterAnswer(before, { messages: [at('msg_4', '12:11:30')], iterator: '9' })).not.toHaveProperty('overlap');
  });

  it('are the newest 10,000 at most', () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => `msg_${n}`);
    const next = afterMessage({ ...start, overlap: { until, ids } }, at('msg_new', '12:00:30'));
    expect(next.overlap?.ids).toEqual([...ids.slice(1), 'msg_new']);
  });

  it('are none of the log', () => {
    const { backlog: _, ...inLog } = start;
    expect(afterMessage(inLog, at('msg_1', '12:00:30'))).not.toHaveProperty('overlap');
  });
});
