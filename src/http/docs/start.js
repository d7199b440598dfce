// A file of its own: the page's policy runs no script that stands inside it.
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Swagger would otherwise ask a server of its own whether the description is valid.
  validatorUrl: null,
});
