import type { Finding } from '../errors.ts';
import { beginsAgain } from '../files/log-records.ts';
import { scanWriteLog } from '../files/write-log.ts';
import { isSameBoot } from './boot-id.ts';
import type { FolderContent, LiveLog } from './read-folder.ts';

/** A log whose end is taken off before the folder is opened. */
export interface LogCut {
  readonly name: string;
  readonly keepBytes: number;
  /** Whether the bytes may be acknowledged changes, so that they are kept in a file of their own. */
  readonly setAside: boolean;
}

/** What the machine's crash may have cost. */
export interface Loss {
  /** Number of the last change that is there. */
  readonly lastSequence: number;
  /** Acknowledged changes that are known to be missing. There may be more: their count was not synced either. */
  readonly missingChanges: number;
  /** Bytes of the logs that cannot be read. */
  readonly unreadableBytes: number;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly cuts: readonly LogCut[];
  readonly loss?: Loss;
  /**
   * The number of the last change once the folder is open. LevelDB also counts changes that it refused, so it can be higher
   * than what the logs have.
   */
  readonly sequence: number;
  /** What the witness may ask of the logs until the folder is open: the last change that they have. */
  readonly inLogs: number;
}

/** The logs up to the first damage. */
interface Readable {
  /** Number of the last change before the damage. */
  readonly last?: number;
  readonly damage?: Damage;
}

interface Damage {
  /** Index of the log. */
  readonly log: number;
  /** Bytes of the log before the damage. */
  readonly keepBytes: number;
  readonly problem: string;
  readonly endsEarly: boolean;
}

/**
 * Decides whether a folder can be opened, and what to take off its logs before. Every acknowledged change is there after a
 * clean stop and after a kill of the process. After a crash of the machine, changes at the end may be missing, unless each
 * commit was synced.
 */
export function judgeFolder(content: FolderContent, bootId: string): Verdict {
  const { witness, manifest, logs } = content;
  const { last, damage } = readAll(logs, manifest.lastSequence);
  const sequence = Math.max(manifest.lastSequence, last ?? 0);
  const verdict = (findings: readonly Finding[], cuts: readonly LogCut[] = [], loss?: Loss): Verdict => ({
    findings: [...content.findings, ...findings],
    cuts,
    sequence,
    inLogs: last ?? sequence,
    ...(loss ? { loss } : {}),
  });
  if (content.findings.length > 0) return verdict([]);
  const damaged = damage ? [{ file: nameOf(logs, damage.log), problem: damage.problem }] : [];
  if (!witness) {
    // An older version wrote the folder. A torn end of the last log is what its killed process left.
    return damage?.endsEarly && damage.log === logs.length - 1 ? verdict([]) : verdict(damaged);
  }
  if (witness.state === 'failed') {
    if ((last ?? witness.opened) < witness.last) return verdict(damage ? damaged : [missing(logs, witness.last, last)]);
    const whole = verdict([], cutAfter(logs, witness.last, false));
    if (last === undefined) return whole;
    // The refused changes are not there any more when the folder is open.
    const inLogs = Math.min(last, witness.last);
    return { ...whole, inLogs, sequence: Math.max(manifest.lastSequence, inLogs) };
  }
  const isComplete = last === undefined ? witness.last === witness.opened : last >= witness.last;
  const crashed = witness.state === 'open' && !isSameBoot(witness.bootId, bootId);
  if (!crashed) {
    if (!isComplete) return verdict(damage ? damaged : [missing(logs, witness.last, last)]);
    const isTorn = damage?.endsEarly && damage.log === logs.length - 1 && witness.state === 'open';
    return isTorn ? verdict([]) : verdict(damaged);
  }
  if (witness.durability === 'machine' && !isComplete) {
    return verdict(damage ? damaged : [missing(logs, witness.last, last)]);
  }
  if (isComplete && !damage) return verdict([]);
  if (damage && witness.durability === 'machine' && goesOn(logs, damage)) return verdict(damaged);
  const cuts = damage ? cutFrom(logs, damage) : [];
  return verdict([], cuts, {
    lastSequence: sequence,
    missingChanges: isComplete ? 0 : witness.last - (last ?? witness.opened),
    unreadableBytes: cuts.reduce((sum, cut) => sum + sizeOf(logs, cut.name) - cut.keepBytes, 0),
  });
}

/** Reads the logs as one: each begins with the change after the last one of the log before. */
function readAll(logs: readonly LiveLog[], lastInManifest: number): Readable {
  let last: number | undefined;
  for (const [log, { scan }] of logs.entries()) {
    const expected = last === undefined ? undefined : last + 1;
    const isGap = scan.first !== undefined && (expected ? scan.first !== expected : scan.first > lastInManifest + 1);
    if (isGap) {
      const problem = `lacks changes ${(last ?? lastInManifest) + 1} to ${(scan.first ?? 0) - 1} before its first`;
      return { ...(last === undefined ? {} : { last }), damage: { log, keepBytes: 0, problem, endsEarly: false } };
    }
    last = scan.last ?? last;
    if (scan.damage) {
      const { at, reason, endsEarly } = scan.damage;
      const problem = `is damaged at byte ${at}: ${reason}`;
      return { ...(last === undefined ? {} : { last }), damage: { log, keepBytes: at, problem, endsEarly } };
    }
  }
  return last === undefined ? {} : { last };
}

const missing = (logs: readonly LiveLog[], expected: number, last: number | undefined): Finding => ({
  file: nameOf(logs, logs.length - 1),
  problem: `ends too early: its last change is ${last ?? 'none'}, but change ${expected} was acknowledged`,
});

const nameOf = (logs: readonly LiveLog[], index: number): string => logs[index]?.name ?? 'the log';
const sizeOf = (logs: readonly LiveLog[], name: string): number =>
  logs.find((log) => log.name === name)?.bytes.length ?? 0;

/** Takes off all from the damage on, in its log and in all later ones, so that no change is there without those before. */
const cutFrom = (logs: readonly LiveLog[], { log, keepBytes }: Damage): LogCut[] =>
  logs.slice(log).map(({ name }, index) => ({ name, keepBytes: index === 0 ? keepBytes : 0, setAside: true }));

/** Whether changes were written after the damage. With synced commits, the damaged ones were acknowledged then. */
const goesOn = (logs: readonly LiveLog[], { log, keepBytes }: Damage): boolean =>
  logs.slice(log + 1).some(({ bytes }) => bytes.length > 0) ||
  beginsAgain(logs[log]?.bytes ?? Buffer.alloc(0), keepBytes);

/** Takes off the changes of a failed write, which were refused. */
export function cutAfter(logs: readonly LiveLog[], last: number, setAside: boolean): LogCut[] {
  return logs
    .map(({ name, bytes }) => ({ name, size: bytes.length, keepBytes: scanWriteLog(bytes, last).wholeBytes }))
    .filter(({ size, keepBytes }) => keepBytes < size)
    .map(({ name, keepBytes }) => ({ name, keepBytes, setAside }));
}
