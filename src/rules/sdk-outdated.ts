/** Zoom's SDK, where it is used, is past the faults its later versions mend. */
import { DOCS } from '../protocol/docs.js';
import { compareVersions, SDK_FIXES, SDK_PACKAGE } from '../protocol/sdk.js';
import { defineRule } from './rule.js';
import { factOf } from './shared/checks.js';

/** A range, not a version: what is installed can be newer. */
const RANGE = /^[^\d]/;

export const sdkOutdated = defineRule({
  id: 'sdk-outdated',
  section: 'Environment',
  title: "Zoom's SDK is past its known faults",
  failureTitle: "Zoom's SDK has faults that a newer version mends",
  why: 'Several symptoms are the SDK, not the app.',
  docs: DOCS.sdkChanges,
  needs: ['check:runtime'],
  check: (timeline) => {
    const check = timeline.check('runtime');
    const sdk = check && factOf(check, 'sdk');
    if (!check || sdk === undefined) return undefined;
    const missing = SDK_FIXES.filter(({ version }) => compareVersions(sdk, version) < 0);
    const [newest] = missing;
    if (!newest) return { status: 'pass', message: `${SDK_PACKAGE} ${sdk}` };
    return {
      status: 'warn',
      certainty: RANGE.test(sdk) ? 'possible' : 'certain',
      cause: `before-${newest.version}`,
      message: `the SDK is ${SDK_PACKAGE} ${sdk}; mended since: ${missing.flatMap(({ faults }) => faults).join('; ')}`,
      evidence: [{ event: check.number, note: factOf(check, 'sdkFrom') ?? 'package.json' }],
      fix: `npm install ${SDK_PACKAGE}@latest`,
    };
  },
});
