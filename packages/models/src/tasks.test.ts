import { describeTaskRepository } from '@posthorn/testing/contract/task-repository';
import { createTaskRepository } from './tasks.ts';
import { createTestStore } from './test-store.ts';

describeTaskRepository('in DynamoDB', async () => createTaskRepository(await createTestStore('tasks')));
