import { shortly, type Run } from '../run.js';
import { note } from './log.js';

/** Says that the place needs each migration of the step. The first rollout that says so is the one that may take it back. */
export async function claim(run: Run): Promise<void> {
  const { session: { client }, step: { pipeline, place, rollout, migrations } } = run;
  await shortly(run, 'the claim of its migrations', async () => {
    for (const { name } of migrations) {
      const { rowCount } = await client.query(
        'insert into meridian.claims (pipeline, name, place, rollout) values ($1, $2, $3, $4) on conflict do nothing', [pipeline, name, place, rollout],
      );
      if (rowCount === 1) await note(run, name, 'expand', 'claimed');
    }
  });
}

/** Takes back what this rollout has claimed for the place, and answers the places that still claim the migration. */
export async function giveUpClaim(run: Run, name: string): Promise<string[]> {
  const { session: { client }, step: { pipeline, place, rollout } } = run;
  return shortly(run, `the claim of ${name}`, async () => {
    const { rowCount } = await client.query(
      'delete from meridian.claims where pipeline = $1 and name = $2 and place = $3 and rollout = $4', [pipeline, name, place, rollout],
    );
    if (rowCount === 1) await note(run, name, 'expand', 'claim given up');
    const { rows } = await client.query<{ place: string }>('select place from meridian.claims where pipeline = $1 and name = $2 order by place', [pipeline, name]);
    return rows.map((row) => row.place);
  });
}
