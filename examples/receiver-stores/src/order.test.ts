import { createOrderCheck, memoryOrderStore, type VerifiedMessage } from '@posthorn/receiver';

interface ParcelMoved {
  readonly parcelId: string;
  /** Grows by one with each move. */
  readonly version: number;
  readonly place: string;
}

const places = new Map<string, string>();
const checkOrder = createOrderCheck(memoryOrderStore());

async function moveParcel(message: VerifiedMessage): Promise<void> {
  const { parcelId, version, place } = message.json<ParcelMoved>();
  if ((await checkOrder(parcelId, version)) === 'older') return; // it was sent again: the parcel is elsewhere by now
  places.set(parcelId, place);
}

const aMessage = (moved: ParcelMoved): VerifiedMessage => {
  const text = JSON.stringify(moved);
  return {
    id: `msg_${moved.version}`,
    timestamp: new Date(0),
    body: Buffer.from(text),
    text: () => text,
    json: <T>() => JSON.parse(text) as T,
  };
};

it('keeps the newest state when an older message is sent again', async () => {
  const first = aMessage({ parcelId: 'p1', version: 1, place: 'depot' });
  await moveParcel(first);
  await moveParcel(aMessage({ parcelId: 'p1', version: 2, place: 'van' }));
  await moveParcel(first);
  expect(places.get('p1')).toBe('van');
});
