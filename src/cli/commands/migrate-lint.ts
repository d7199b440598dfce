import { Command } from 'commander';
import type { CliCommand, Context } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

export const migrateLintCommand: CliCommand = (act) =>
  new Command('lint')
    .description('say what would keep others waiting, break code of before or leave no way back; asks no database')
    .argument('<file...>', 'a migration, a list of them or a release, as YAML or JSON; a folder of migrations; - is standard input')
    .addHelpText('after', examples('meridian migrate lint dist/', 'meridian migrate lint 0042-email.yaml', 'meridian migrate lint migrations --output json'))
    .addHelpText('after', '\nEnds with 1 when a finding is an error: such a migration is not applied. The rules: docs/migrations-lint.md')
    .action(act(lint));

async function lint(context: Context, files: string[]): Promise<ExitCode> {
  const [{ readSources }, { lintMigration }, { lintReport }] = await Promise.all([
    import('../migrate/lint-sources.js'), import('../../sql/lint.js'), import('../migrate/lint-report.js'),
  ]);
  const sources = (await Promise.all(files.map(readSources))).flat();
  const linted = await Promise.all(sources.map(async (source) => ({ source, ...(await lintMigration(source.migration)) })));
  const findings = linted.flatMap((each) => each.findings);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const migrations = linted.map(({ source, findings: found, effects }) =>
    ({ name: source.migration.name, findings: found.map((finding) => ({ ...finding, place: source.place(finding) })), effects }));
  context.result({ errors, warnings: findings.length - errors, migrations }, () => lintReport(linted, context));
  return errors > 0 ? exitCodes.refused : exitCodes.done;
}
