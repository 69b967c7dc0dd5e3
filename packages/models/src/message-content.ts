import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { isId, type MessageContentRepository } from '@posthorn/core';
import { contentAttributes } from './messages/message-body.ts';
import { messageKey } from './messages/message-row.ts';
import { removeChunks } from './messages/remove-chunks.ts';
import { expiryAttribute, nowInSeconds } from './rows/expiry.ts';
import { allOf, compares, createPlaceholders } from './rows/placeholders.ts';
import { toItem } from './rows/row.ts';
import { tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

/**
 * The bodies of messages in DynamoDB. The message's own row loses its body first: from then on nothing reads the chunks.
 * They are looked for even if the row names none, because an earlier call may have died before it removed them.
 */
export function createMessageContentRepository({ client, stage }: Store): MessageContentRepository {
  const table = { client, tableName: tableName(stage, 'messages') };
  return {
    expunge: async (applicationId, messageId, now) => {
      if (!isId('message', messageId)) return 'missing';
      const ids = { applicationId, messageId };
      const placeholders = createPlaceholders();
      const { name, value } = placeholders;
      const expungedAt = name('expungedAt');
      const update = new UpdateItemCommand({
        TableName: table.tableName,
        Key: toItem(messageKey(ids)),
        UpdateExpression:
          `SET ${expungedAt} = if_not_exists(${expungedAt}, ${value(now.toISOString())}) ` +
          `REMOVE ${contentAttributes.map(name).join(', ')}`,
        ConditionExpression: allOf([
          compares('kind', '=', 'message'),
          compares(expiryAttribute, '>', nowInSeconds(now)),
        ])(placeholders),
        ...placeholders.given(),
      });
      const { refused } = await tryConditionalWrite(client.send(update));
      if (refused) return 'missing';
      await removeChunks(table, ids);
      return 'expunged';
    },
  };
}
