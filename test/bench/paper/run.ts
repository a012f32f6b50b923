import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { withBlock } from '../block.ts';
import { readConstants, writeConstants } from './constants.ts';
import { measureRedis } from './measure-redis.ts';
import { PLAN } from './plan.ts';
import { sheet } from './sheet.ts';

const USAGE = `npm run bench:paper -- [options]
  --measure   measures what each operation costs Redis anew (a minute); what it costs a node comes from npm run bench -- --readme
  --readme    writes the result into README.md`;

const { values } = parseArgs({
  options: {
    measure: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else await paper();

async function paper(): Promise<void> {
  if (values.measure) await writeConstants({ redis: await measureRedis((what) => console.error(what)) });
  const text = sheet(PLAN, await readConstants());
  console.log(text);
  if (!values.readme) return;
  const readme = new URL('../../../README.md', import.meta.url);
  await writeFile(readme, withBlock(await readFile(readme, 'utf8'), 'paper', text));
}
