import { existsSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { EXIT, RtmsError } from '../src/errors.js';
import { RecordFile } from '../src/record-file.js';
import { parseRecording } from '../src/session/jsonl.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

const HEADER = { rtms: 1, tool: 'rtms 0.1.0', command: 'connect', startedAt: '2026-07-20T12:00:00.000Z' } as const;

describe('RecordFile', () => {
  it('writes a recording that only its owner can read', async () => {
    const path = join(temporaryFolder(), 'a.rtms.jsonl');
    const record = await RecordFile.create(path, HEADER, () => undefined);
    for (let t = 1; t <= 1000; t += 1) record.write({ t, type: 'note', text: 'x'.repeat(t) });
    await record.close();
    const { header, events } = parseRecording(readFileSync(path, 'utf8'));
    expect(header).toEqual(HEADER);
    expect(events.map(({ t }) => t)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not overwrite', async () => {
    const path = temporaryFile('evidence');
    const refusal = RecordFile.create(path, HEADER, () => undefined);
    await expect(refusal).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringContaining('exists already'),
    });
    expect(readFileSync(path, 'utf8')).toBe('evidence');
  });

  it('is taken away again where nothing was to record', async () => {
    const path = join(temporaryFolder(), 'a.rtms.jsonl');
    await (await RecordFile.create(path, HEADER, () => undefined)).discard();
    expect(existsSync(path)).toBe(false);
  });

  it.skipIf(!existsSync('/dev/null'))('is no file to be taken away where it is a device', async () => {
    await (await RecordFile.create('/dev/null', HEADER, () => undefined)).discard();
    expect(existsSync('/dev/null')).toBe(true);
  });

  it.each([
    ['a folder that is not there', '/nowhere/at/all.rtms.jsonl', 'its folder does not exist'],
    ['a folder', tmpdir(), 'it is a directory'],
  ])('cannot write to %s', async (_, path, reason) => {
    const refusal = RecordFile.create(path, HEADER, () => undefined);
    await expect(refusal).rejects.toThrow(RtmsError);
    await expect(refusal).rejects.toThrow(reason);
  });

  it.skipIf(!existsSync('/dev/full'))('says once that the disk is full, and goes on without', async () => {
    const onFailure = vi.fn<(reason: string) => void>();
    const record = await RecordFile.create('/dev/full', HEADER, onFailure);
    record.write({ t: 1, type: 'note', text: 'lost' });
    await record.close();
    expect(onFailure).toHaveBeenCalledExactlyOnceWith('the disk is full');
    expect(record.failure).toBe('the disk is full');
  });
});
