import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readSoak } from '../../src/judge/replay/read-soak.js';
import { replaySoak } from '../../src/judge/replay/replay-soak.js';
import { verdictLine } from '../../src/judge/replay/verdict-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { meridian } from './run-cli.js';

const noApi = { url: 'http://127.0.0.1:1' };
const header = { deployAt: 1_000, step: 10, checks: [{ name: 'errors', kind: 'ratio' }], soak: { min: 60, max: 120 } };

const soakOf = (bad: number): string => [
  JSON.stringify(header),
  ...Array.from({ length: 30 }, (_, at) => JSON.stringify({
    t: 900 + 10 * at, check: 'errors', region: { bad: at < 10 ? 0 : bad, total: 100 }, controls: { rome: { bad: 0, total: 100 } },
  })),
].join('\n');

const verdictsOf = (text: string): string[] => Array.from(replaySoak(readSoak(text)), verdictLine);

let folder = '';
const fileOf = (name: string): string => path.join(folder, name);
const replay = (...argv: string[]) => meridian(noApi, 'judge', 'replay', ...argv);
const linesOf = (stdout: string): unknown[] => stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);

beforeEach(async () => {
  folder = await temporaryFolder();
  await Promise.all([0, 7].map((bad) => writeFile(fileOf(`${bad}.jsonl`), soakOf(bad))));
  await writeFile(fileOf('broken.jsonl'), `${soakOf(0)}\n{"t":`);
});

describe('meridian judge replay', () => {
  it('prints what the judge says of each sample from the deploy on, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await replay(fileOf('7.jsonl'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([...verdictsOf(soakOf(7)), '']);
    expect(stdout.split('\n')).toHaveLength(21);
  });

  it('names the file in each line when there are several, in the order in which they were given', async () => {
    const files = [fileOf('7.jsonl'), fileOf('0.jsonl')];
    const { stdout } = await replay(...files);
    expect(linesOf(stdout)).toEqual([7, 0].flatMap((bad, at) => verdictsOf(soakOf(bad)).map((line) => ({ file: files[at], ...JSON.parse(line) as object }))));
  });

  it('says the same on all cores as on one', async () => {
    const files = Array.from({ length: 40 }, (_, at) => fileOf(`many-${at}.jsonl`));
    await Promise.all(files.map((file, at) => writeFile(file, soakOf(at % 9))));
    const { exitCode, stdout } = await replay(...files);
    expect(exitCode).toBe(0);
    expect(linesOf(stdout)).toEqual(files.flatMap((file, at) => verdictsOf(soakOf(at % 9)).map((line) => ({ file, ...JSON.parse(line) as object }))));
  });

  it('names the file and the line that cannot be read, and replays the others all the same', async () => {
    const { exitCode, stdout, stderr } = await replay(fileOf('broken.jsonl'), fileOf('missing.jsonl'), fileOf('0.jsonl'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${fileOf('broken.jsonl')}:32: not JSON (`);
    expect(stderr).toContain(`${fileOf('missing.jsonl')} cannot be read: there is no such file\n`);
    expect(linesOf(stdout)).toHaveLength(20);
  });

  it('names them too when a thread has read them', async () => {
    const { exitCode, stdout, stderr } = await replay(...Array.from({ length: 10 }, () => fileOf('0.jsonl')), fileOf('broken.jsonl'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${fileOf('broken.jsonl')}:32: not JSON (`);
    expect(linesOf(stdout)).toHaveLength(200);
  });

  it('sums each soak up in a line', async () => {
    const { stdout } = await replay('--summary', fileOf('0.jsonl'), fileOf('7.jsonl'));
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^file +decision +after +held +why$/);
    expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual([fileOf('0.jsonl'), fileOf('7.jsonl')]);
  });

  it('takes what-ifs: durations in words or in seconds', async () => {
    const passedAfter = async (...argv: string[]): Promise<unknown> => {
      const { stdout } = await replay('--summary', '--output', 'json', ...argv, fileOf('0.jsonl'));
      return JSON.parse(stdout);
    };
    expect(await passedAfter('--min', '2m')).toEqual(await passedAfter('--min', '120'));
  });

  it.each([[['--margin', '1']], [['--margin', 'two']], [['--bar', '']], [['--min', 'soon']], [['--min', '-1']], [[]]])('refuses %j', async (argv) => {
    const { exitCode, stdout } = await replay(...argv, ...(argv.length === 0 ? [] : [fileOf('0.jsonl')]));
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
  });
});
