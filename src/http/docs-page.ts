import { createRequire } from 'node:module';
import path from 'node:path';
import { Router } from 'express';
import { onlyMethods } from './error-handler.js';
import { contextOf } from './request-context.js';
import { pageOfOurs } from './security-headers.js';

const ownFolder = path.join(import.meta.dirname, 'docs');
const swaggerFolder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Every file of the page, by its name under /docs: nothing is loaded from elsewhere. */
const files: Record<string, string> = {
  'start.js': ownFolder,
  'page.css': ownFolder,
  'swagger-ui.css': swaggerFolder,
  'swagger-ui-bundle.js': swaggerFolder,
  'favicon-32x32.png': swaggerFolder,
};

/** /docs: Swagger UI over /openapi.json. */
export function docsPage(): Router {
  const router = Router();
  router.use(pageOfOurs, (_request, response, next) => {
    contextOf(response).route = '/docs';
    next();
  });
  router.get('/', (_request, response) => response.sendFile('index.html', { root: ownFolder }));
  for (const [name, root] of Object.entries(files)) {
    router.get(`/${name}`, (_request, response) => response.sendFile(name, { root, maxAge: '1h' }));
  }
  router.all(['/', ...Object.keys(files).map((name) => `/${name}`)], onlyMethods('/docs', ['GET']));
  return router;
}
