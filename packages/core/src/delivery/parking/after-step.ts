import { arriveAtGroup, parkHead } from './arrive.ts';
import { afterLowest, commandGroup, moveHead, wakeGroup } from './drain.ts';
import { beginRun, type GroupRun, type RunContext, stepOf } from './group-run.ts';
import type { StepResult } from './step.ts';

/**
 * The run after its next step. A worker that dies leaves nothing but what its steps have written, and its job comes back:
 * from any point, the same job leads to the same end.
 */
export function afterStep(run: GroupRun, result: StepResult, context: RunContext): GroupRun {
  switch (result.kind) {
    case 'done':
      return { ...run, steps: run.steps.slice(1) };
    case 'refused':
      return afterRefusal(run);
    case 'group':
      return afterGroup(run, result.group, context);
    case 'lowest':
      return run.drain ? afterLowest(run, run.drain, result.lowest, context) : run;
    case 'standing':
      return run.drain && run.current
        ? moveHead(run, { drain: run.drain, head: run.current, standing: result.standing }, context)
        : run.job.kind === 'delivery'
          ? parkHead(run, run.job, result.standing, context)
          : run;
  }
}

function afterGroup(
  { job }: GroupRun,
  group: Extract<StepResult, { kind: 'group' }>['group'],
  context: RunContext,
): GroupRun {
  switch (job.kind) {
    case 'delivery':
      return arriveAtGroup(job, group, context);
    case 'wake':
      return wakeGroup(job, group, context);
    case 'command':
      return commandGroup(job, group, context);
  }
}

/** The group is not what it was: it is read again, unless another worker has already gone on with it. */
function afterRefusal(run: GroupRun): GroupRun {
  return stepOf(run).kind === 'move-group'
    ? { job: run.job, steps: [{ kind: 'finish', result: { kind: 'done' } }] }
    : beginRun(run.job);
}
