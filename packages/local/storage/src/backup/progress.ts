/** How far a check or a copy is. */
export type Progress = (at: {
  readonly doing: 'checking files' | 'checking rows' | 'copying';
  /** Bytes, or rows. */
  readonly done: number;
  /** Unknown for rows. */
  readonly total?: number;
}) => void;
