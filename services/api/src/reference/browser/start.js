/* Runs in the browser, on the page /docs. Everything that it loads comes from the same server. */
SwaggerUIBundle({
  url: 'api/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  // Otherwise it would ask a validator on the internet.
  validatorUrl: null,
});
