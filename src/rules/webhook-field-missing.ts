/** A started webhook has what a connection needs: an entity id, a stream id and a URL. */
import { DOCS } from '../protocol/docs.js';
import { PRODUCTS } from '../protocol/webhooks.js';
import { defineRule } from './rule.js';
import { isCutOff } from './webhook-not-json.js';

const KEPT = 'keep the request body exactly as Zoom posted it';
const ASK = `${KEPT}; if Zoom sent it so, ask Zoom, with the app id`;

export const webhookFieldMissing = defineRule({
  id: 'webhook-field-missing',
  section: 'Payload',
  title: 'the webhook has the fields to connect with',
  failureTitle: 'a field is missing in the webhook',
  why: 'Two shapes of payload are published, flat and nested; a handler that reads the wrong one passes nothing on.',
  docs: DOCS.rtmsWebhooks,
  needs: ['webhook'],
  check: (timeline) => {
    const { started } = timeline;
    if (!started || isCutOff(started)) return undefined;
    const { event, kind, shape, product, entity, streamId, serverUrls } = started.webhook;
    const urlGiven = timeline.check('server-url-invalid')?.event.ok === true;
    const isBare = kind === 'none' && (entity !== undefined || streamId !== undefined);
    if (kind !== 'started' && !isBare) return undefined;
    const entityField = PRODUCTS[product ?? 'meeting'].entityFields[0];
    const missing = [
      { cause: 'entity-id', name: entityField, there: entity !== undefined },
      { cause: 'rtms_stream_id', name: 'rtms_stream_id', there: streamId !== undefined },
      { cause: 'server_urls', name: 'server_urls', there: serverUrls.form !== 'absent' || urlGiven },
    ].filter(({ there }) => !there);
    const parent = { flat: '$.payload', nested: '$.payload.object', inner: '$' }[shape];
    const fields: readonly string[] = PRODUCTS[product ?? 'meeting'].entityFields;
    if (missing.length === 0 && entity && !fields.includes(entity.field)) {
      return {
        status: 'warn',
        certainty: 'certain',
        cause: 'other-product',
        message: `${event ?? 'the webhook'} carries ${entity.field}; ${entityField} is expected`,
        evidence: [{ event: started.number, path: `${parent}.${entity.field}` }],
        fix: `${KEPT}; each product has its own id and its own credentials`,
      };
    }
    if (missing.length === 0) return { status: 'pass', message: `all there, ${shape}, in ${parent}` };
    return missing.map(({ cause, name }) => ({
      status: 'fail',
      certainty: 'certain',
      cause,
      message: `${name} is not there; a started webhook has it in payload`,
      evidence: [{ event: started.number, path: `${parent}.${name}` }],
      // The plan is hearsay: an altered payload is the usual reason.
      fix: name === entityField ? ASK : `${KEPT}; if Zoom sent it so, check the plan: a trial may have run out`,
    }));
  },
});
