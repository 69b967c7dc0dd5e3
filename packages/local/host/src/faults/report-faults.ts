import type { Faults } from '@posthorn/local-event-sources';

export type EventSourceFault = 'duplicate' | 'reorder' | 'cut' | 'replay';

/** The same faults, which tell of each that happens: a test must know that what it planned is not ignored. */
export const reportFaults = (faults: Faults, report: (fault: EventSourceFault) => void): Faults => {
  const tell = (happens: boolean, fault: EventSourceFault): boolean => {
    if (happens) report(fault);
    return happens;
  };
  return {
    duplicates: () => tell(faults.duplicates(), 'duplicate'),
    replays: () => tell(faults.replays(), 'replay'),
    reorder(items) {
      const ordered = faults.reorder(items);
      tell(
        ordered.some((item, index) => item !== items[index]),
        'reorder',
      );
      return ordered;
    },
    cutAt(count) {
      const length = faults.cutAt(count);
      tell(length < count, 'cut');
      return length;
    },
    afterEffect: faults.afterEffect,
  };
};
