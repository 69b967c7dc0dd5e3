import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigSchemaHandler, skipKnownValidation } from './skip-known-validation.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-cloud-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Configuration {
  timeout?: number | string;
  itself?: Configuration;
}

/** Validates as Serverless does, in a new process each time: it changes texts to numbers, and the schema. */
function createStarts() {
  let validations = 0;
  return {
    async start(configuration: Configuration, schema: object = { timeout: 'number' }) {
      const handler: ConfigSchemaHandler = {
        schema: { ...schema },
        async validateConfig() {
          validations += 1;
          Object.assign(handler.schema, { normalized: true });
          if (configuration.timeout === undefined) throw new Error('timeout is missing');
          configuration.timeout = Number(configuration.timeout);
        },
      };
      skipKnownValidation(handler, () => join(folder, 'new', 'valid'));
      await handler.validateConfig(configuration);
      return configuration;
    },
    validations: () => validations,
  };
}

describe('the configuration of a service', () => {
  it('is validated once, and again when it or its schema changes', async () => {
    const { start, validations } = createStarts();
    await start({ timeout: 1 });
    await start({ timeout: 1 });
    expect(validations()).toBe(1);
    await start({ timeout: 2 });
    await start({ timeout: 2 }, { timeout: 'integer' });
    expect(validations()).toBe(3);
  });

  it('is validated each time if it is invalid', async () => {
    const { start, validations } = createStarts();
    for (let count = 0; count < 2; count += 1) await expect(start({})).rejects.toThrow('timeout is missing');
    expect(validations()).toBe(2);
  });

  it('is validated each time if that changes it, or if it cannot be compared', async () => {
    const { start, validations } = createStarts();
    for (let count = 0; count < 2; count += 1) expect(await start({ timeout: '1' })).toEqual({ timeout: 1 });
    const circular: Configuration = { timeout: 1 };
    circular.itself = circular;
    for (let count = 0; count < 2; count += 1) await start(circular);
    expect(validations()).toBe(4);
  });
});
