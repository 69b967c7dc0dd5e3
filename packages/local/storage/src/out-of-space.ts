/** Codes of Node's errors if the disk is full, or the share of it that this user may fill. */
const fullDiskCodes = ['ENOSPC', 'EDQUOT'];
/** Codes of Node's errors if this process, or the whole machine, cannot open another file. */
const noDescriptorCodes = ['EMFILE', 'ENFILE'];

/** Whether a file could not be written because the disk or a quota is full. */
export const isDiskFull = (error: unknown): boolean => hasCode(error, fullDiskCodes);

/** Whether a file could not be opened or written because there is no space, or no descriptor left. */
export const isOutOfRoom = (error: unknown): boolean => isDiskFull(error) || hasCode(error, noDescriptorCodes);

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
