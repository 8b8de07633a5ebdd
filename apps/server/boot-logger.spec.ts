import { Injectable, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { explainBootError } from '@stepwell/runtime';
import { BootLogger } from './boot-logger.js';

const { jest } = import.meta;

@Injectable()
class Clerk {}

@Injectable()
class Office {
  constructor(readonly clerk: Clerk) {}
}

@Module({ providers: [Office] })
class OfficeModule {}

@Module({})
class EmptyModule {}

describe('a boot that fails in the container', () => {
  let printed: string[];
  beforeEach(() => {
    printed = [];
    const collect = (chunk: unknown) => printed.push(String(chunk)) > 0;
    jest.spyOn(process.stdout, 'write').mockImplementation(collect);
    jest.spyOn(process.stderr, 'write').mockImplementation(collect);
  });
  afterEach(() => jest.restoreAllMocks());

  it('leaves the saying to main, which has one line for it', async () => {
    const error = await NestFactory.createApplicationContext(OfficeModule, { logger: new BootLogger(), abortOnError: false }).catch(
      explainBootError,
    );
    expect((error as Error).message).toMatch(/^Office cannot be built: nothing fills its constructor argument 1 \(Clerk\)\./);
    expect(printed).toEqual([]);
  });

  it('still prints warnings and errors of everybody else', async () => {
    const app = await NestFactory.createApplicationContext(EmptyModule, { logger: new BootLogger(), abortOnError: false });
    new Logger('Worker').log('a run has ended');
    new Logger('Worker').warn('a lease was lost');
    new Logger('Worker').error('a run cannot be advanced');
    await app.close();
    expect(printed.join('')).toContain('a lease was lost');
    expect(printed.join('')).toContain('a run cannot be advanced');
    expect(printed.join('')).not.toContain('a run has ended');
  });
});
