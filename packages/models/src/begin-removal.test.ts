import { describeBeginRemoval } from '@posthorn/testing/contract/begin-removal';
import { createApplicationRepository } from './applications.ts';
import { createBeginRemoval } from './begin-removal.ts';
import { createTaskRepository } from './tasks.ts';
import { createTestStore } from './test-store.ts';

describeBeginRemoval('in DynamoDB', async () => {
  const store = await createTestStore('applications', 'tasks');
  const [applications, tasks] = [createApplicationRepository(store), createTaskRepository(store)];
  return { applications, tasks, beginRemoval: createBeginRemoval(store) };
});
