import type { Hono } from 'hono';
import { ApiError, badRequest } from './apiError.ts';
import { checkHeaders } from './checkHeaders.ts';
import { MODELS, type ModelRules, modelRules } from './models.ts';

/**
 * `GET /v1/models` and `/v1/models/<id>`. Other vendors have the same path; only requests with `anthropic-version` are
 * ours, and the rest is passed on.
 */
export function modelRoutes(app: Hono): void {
  app.get('/v1/models', async (c, next) => {
    if (!c.req.header('anthropic-version')) return next();
    checkHeaders(c.req.raw.headers);
    const limit = Number(c.req.query('limit') ?? 20);
    if (!(limit >= 1 && limit <= 1000)) throw badRequest('limit: Input should be between 1 and 1000');
    const after = MODELS.findIndex((model) => model.id === c.req.query('after_id'));
    const data = MODELS.slice(after + 1, after + 1 + limit);
    return c.json({
      data: data.map(entry),
      has_more: after + 1 + limit < MODELS.length,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    });
  });
  app.get('/v1/models/:id', async (c, next) => {
    if (!c.req.header('anthropic-version')) return next();
    checkHeaders(c.req.raw.headers);
    const model = modelRules(c.req.param('id'));
    if (!model) throw new ApiError(404, `model: ${c.req.param('id')}`);
    return c.json(entry(model));
  });
}

function entry(model: ModelRules): object {
  return { type: 'model', id: model.id, display_name: model.displayName, created_at: model.createdAt };
}
