/** Node, system and C library are ones that Zoom's SDK runs on, where that SDK is used. */
import { DOCS } from '../protocol/docs.js';
import { compareVersions, SDK_GLIBC, SDK_NODE, SDK_PACKAGE, SDK_PLATFORMS } from '../protocol/sdk.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';

const RAW = 'or use plain WebSockets, which run anywhere';

export const runtimeUnsupported = defineRule({
  id: 'runtime-unsupported',
  section: 'Environment',
  title: 'the runtime is supported',
  failureTitle: "Zoom's SDK does not run here",
  why: 'Its native library is built for few systems; on another it cannot load, or crashes on import.',
  docs: DOCS.sdk,
  needs: ['check:runtime'],
  check: (timeline) => {
    const check = timeline.check('runtime');
    if (!check) return undefined;
    const node = factOf(check, 'node') ?? '';
    const sdk = factOf(check, 'sdk');
    const verdicts = sdk === undefined ? [] : [...nodeOf(check, node, sdk), ...systemOf(check, sdk)];
    const used = sdk === undefined ? '' : `, ${SDK_PACKAGE} ${sdk}`;
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: `Node ${node}${used}` };
  },
});

type Runtime = Entry<CheckEvent>;

function nodeOf({ number }: Runtime, node: string, sdk: string): Verdict[] {
  const needed = SDK_NODE.find(({ since }) => compareVersions(sdk, since) >= 0)?.node;
  if (needed === undefined || compareVersions(node, needed) >= 0) return [];
  const message = `this is Node ${node}; ${SDK_PACKAGE} ${sdk} needs ${needed} or newer, and crashes on import below it`;
  return [
    {
      status: 'fail',
      certainty: 'likely',
      cause: 'node',
      message,
      evidence: [{ event: number }],
      fix: 'use Node 22 or 24',
    },
  ];
}

function systemOf(check: Runtime, sdk: string): Verdict[] {
  const system = `${factOf(check, 'platform')}-${factOf(check, 'arch')}`;
  const glibc = factOf(check, 'glibc');
  const evidence = [{ event: check.number }];
  if (!SDK_PLATFORMS.includes(system)) {
    const message = `this is ${system}; ${SDK_PACKAGE} ${sdk} has a library for ${SDK_PLATFORMS.join(' and ')} only`;
    const fix = `run it on one of those, ${RAW}`;
    return [{ status: 'fail', certainty: 'likely', cause: 'platform', message, evidence, fix }];
  }
  if (!system.startsWith('linux')) return [];
  if (glibc === undefined) {
    const message = `this system has no glibc (Alpine has musl); the library of ${SDK_PACKAGE} needs it`;
    const fix = `use an image with glibc, such as Debian, ${RAW}`;
    return [{ status: 'fail', certainty: 'likely', cause: 'libc', message, evidence, fix }];
  }
  if (compareVersions(glibc, SDK_GLIBC) >= 0) return [];
  const message = `glibc is ${glibc}; users report that ${SDK_PACKAGE} needs ${SDK_GLIBC} or newer`;
  const fix = `use a newer image, ${RAW}`;
  return [{ status: 'warn', certainty: 'possible', cause: 'glibc', message, evidence, fix }];
}
