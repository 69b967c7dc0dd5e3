import { notCovered } from '../emulator/not-covered.ts';
import { isAllowed } from '../iam/policy.ts';
import { stage } from '../installation-under-test.ts';
import type { Context } from './context.ts';

/** The actions that Lambda needs to read an event source with the role of the function. */
const neededToRead = {
  sqs: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'],
  dynamodb: ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'],
} as const;

export const describeDeployment = (context: () => Context): void =>
  describe('a deployment from nothing', () => {
    it('creates the four stacks', () => {
      expect(context().posthorn.installation.status).toEqual({
        'posthorn-data-test': 'UPDATE_COMPLETE',
        'posthorn-queue-workers-test': 'UPDATE_COMPLETE',
        'posthorn-db-triggers-test': 'UPDATE_COMPLETE',
        'posthorn-api-test': 'UPDATE_COMPLETE',
      });
    });

    it('creates every resource but those that the emulator is known to lack', () => {
      const lacking = [...context().emulator.unsupported].toSorted();
      expect(lacking).toEqual(notCovered.map(({ type }) => type).toSorted());
      for (const type of lacking) expect(context().posthorn.installation.types).toContain(type);
    });

    it('gives functions the settings that their service declares, and no others of the operator’s', () => {
      const { functions } = context().posthorn.installation;
      const { environment } = functions.get('posthorn-db-triggers-test-onMessageInserted') ?? {};
      expect(environment).toEqual({
        POSTHORN_STAGE: stage,
        POSTHORN_ORGANISATION: 'org_deployed',
        POSTHORN_MESSAGE_RETENTION_DAYS: '',
        POSTHORN_SUCCESS_RETENTION_DAYS: '',
        POSTHORN_FAILURE_RETENTION_DAYS: '',
        POWERTOOLS_LOG_LEVEL: 'INFO',
      });
    });

    it('lets Lambda read each event source, and report what it gave up, with the function’s role', () => {
      const { mappings, functions } = context().posthorn.installation;
      expect(mappings).toHaveLength(11);
      for (const { functionName, sourceArn, onFailureArn } of mappings) {
        const statements = functions.get(functionName)?.statements ?? [];
        const service = sourceArn.split(':')[2] === 'sqs' ? 'sqs' : 'dynamodb';
        const accesses = neededToRead[service].map((name) => ({ action: `${service}:${name}`, resource: sourceArn }));
        if (onFailureArn) accesses.push({ action: 'sqs:SendMessage', resource: onFailureArn });
        for (const access of accesses) expect([functionName, access, isAllowed(statements, access)]).toContain(true);
      }
    });
  });
