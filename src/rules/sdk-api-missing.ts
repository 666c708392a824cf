/** Where RTMS is started from inside the Zoom client, the app may make that call, and shows itself there. */
import { DOCS } from '../protocol/docs.js';
import { answerTo } from './questions/answers.js';
import { defineRule, type Verdict } from './rule.js';
import { evidenceOf } from './shared/app.js';
import { factOf } from './shared/checks.js';

const START = 'startRTMS';
const ADD = 'Features, Zoom App SDK, Add APIs';
/** An app can start RTMS where it runs: in a meeting or a webinar. */
const SURFACES = ['ZOOM_MEETING', 'ZOOM_WEBINAR'];

export const sdkApiMissing = defineRule({
  id: 'sdk-api-missing',
  section: 'App and scopes',
  title: 'the app may call startRTMS()',
  failureTitle: 'the app may not call startRTMS()',
  why: 'The client refuses what is not listed both in the app and in zoomSdk.config({ capabilities }).',
  docs: DOCS.appsSdk,
  needs: ['check:answer', ['check:app-sdk', 'check:app-products']],
  check: (timeline) => {
    if (answerTo(timeline, 'start-method')?.value !== 'client-sdk') return undefined;
    const sdk = timeline.check('app-sdk');
    const products = timeline.check('app-products');
    const apis = ((sdk && factOf(sdk, 'apis')) ?? '').split(',');
    const surfaces = ((products && factOf(products, 'products')) ?? '').split(',');
    const verdicts: Verdict[] = [];
    if (sdk && (factOf(sdk, 'enabled') !== 'true' || !apis.includes(START))) {
      const message = `${START} is not among the SDK APIs of the app`;
      const fix = `add ${START} and stopRTMS: ${ADD}; and list both in zoomSdk.config({ capabilities })`;
      verdicts.push({ status: 'warn', certainty: 'certain', cause: 'api', message, evidence: [evidenceOf(sdk)], fix });
    }
    if (products && !SURFACES.some((surface) => surfaces.includes(surface))) {
      const message = `the app shows itself in no product that has meetings; ${SURFACES.join(' or ')} is expected`;
      const fix = 'add the product on the Surface page';
      verdicts.push({
        status: 'warn',
        certainty: 'certain',
        cause: 'surface',
        message,
        evidence: [evidenceOf(products)],
        fix,
      });
    }
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: `${START} is listed` };
  },
});
