/** Every family: the topics, then in the order in which the meanings of one number are told, most met first. */
import type { Family } from './family.js';
import { MEDIA_FAMILIES } from './media.js';
import { PLATFORM_FAMILIES } from './platform.js';
import { RULE_FAMILY } from './rules.js';
import { TOPIC_FAMILY } from './topics.js';
import { WIRE_FAMILIES } from './wire.js';

export const FAMILIES: readonly Family[] = [
  TOPIC_FAMILY,
  ...WIRE_FAMILIES,
  ...PLATFORM_FAMILIES,
  RULE_FAMILY,
  ...MEDIA_FAMILIES,
];
