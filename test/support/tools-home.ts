import path from 'node:path';

/** Where test servers are kept between runs: the folder of the repository's own stack, or where MERIDIAN_HOME says. */
export const toolsHome = path.resolve(process.env.MERIDIAN_HOME ?? path.join(import.meta.dirname, '../../.meridian'));
