import { checkReceiverSize, measureReceiver } from './receiver-size.ts';

describe('the size of the receiver kit', () => {
  it('is measured for every entry', async () => {
    const measured = await measureReceiver();
    expect(measured.map(({ entry }) => entry)).toEqual(
      expect.arrayContaining(['@posthorn/receiver', '@posthorn/receiver/express', '@posthorn/receiver/dynamodb']),
    );
    for (const { gzipKilobytes } of measured) expect(gzipKilobytes).toBeGreaterThan(1);
    expect(checkReceiverSize(measured)).not.toHaveProperty('missedBy');
  });

  it('is too large above 10 KB', () => {
    const at = (gzipKilobytes: number) => checkReceiverSize([{ entry: 'a', gzipKilobytes }]).missedBy;
    expect([at(10), at(10.1)]).toEqual([undefined, 'a']);
  });
});
