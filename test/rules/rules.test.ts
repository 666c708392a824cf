/** What every recorded session must be diagnosed as, by all rules together: no finding less, and none more. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MESSAGE_TYPE } from '../../src/protocol/codes.js';
import { SIGNATURE_CAUSES } from '../../src/protocol/signature-mistakes.js';
import { RULES } from '../../src/rules/index.js';
import { exitCodeOf } from '../../src/rules/rule.js';
import { readFrame } from '../../src/session/message.js';
import { brief, diagnose, readSession, SESSIONS, sessionText } from './sessions.js';

const CLOSED = 'closed-without-reply · closed';

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'account-unverified': ['account-unverified · not-verified · fail likely'],
  'account-unverified.api': ['account-unverified · not-verified · fail likely'],
  'account-unverified.inactive': ['account-unverified · inactive'],
  'address-family.ipv4': ['address-family · ipv4 · warn likely'],
  'address-family.ipv6': ['address-family · ipv6 · warn likely'],
  'app-type.account-id': ['app-type · account-id · warn possible'],
  'app-type.admin-scopes': ['app-type · admin-scopes · warn possible'],
  'app-type.assumed': ['app-type · general-admin · warn possible'],
  'app-type.general-admin': ['app-type · general-admin'],
  'app-type.general-user': ['app-type · general-user · fail likely'],
  'app-type.s2s-pair': ['app-type · server-to-server'],
  'app-type.server-to-server': ['app-type · server-to-server · fail likely'],
  'app-type.video-sdk': ['app-type · video-sdk · fail likely'],
  'app-url-invalid.address': ['app-url-invalid · address'],
  'app-url-invalid.credentials': ['app-url-invalid · credentials'],
  'app-url-invalid.differ': ['app-url-invalid · differ · warn possible'],
  'app-url-invalid.empty': ['app-url-invalid · empty'],
  'app-url-invalid.local': ['app-url-invalid · local'],
  'app-url-invalid.malformed': ['app-url-invalid · malformed'],
  'app-url-invalid.not-https': ['app-url-invalid · not-https'],
  'app-url-invalid.not-registered': ['app-url-invalid · not-registered · warn likely'],
  'app-url-invalid.placeholder': ['app-url-invalid · placeholder'],
  'app-url-invalid.redirect-missing': ['app-url-invalid · redirect-missing · warn likely'],
  'app-url-invalid.redirect-not-allowed': [
    'app-url-invalid · redirect-not-allowed · warn likely',
    'app-url-invalid · redirect-not-allowed · warn likely',
  ],
  'app-url-invalid.redirect-not-https': ['app-url-invalid · redirect-not-https · warn likely'],
  'app-url-invalid.tunnel': ['app-url-invalid · tunnel · warn possible'],
  'client-outdated.api': ['client-outdated · start · warn likely'],
  'client-outdated.pause': ['client-outdated · pause · warn possible'],
  'client-outdated.start': ['client-outdated · start · warn likely'],
  'clock-skew.ahead': ['clock-skew · ahead'],
  'clock-skew.behind': ['clock-skew · behind · warn certain'],
  'clock-skew.event-ts': ['clock-skew · behind · warn likely', CLOSED],
  'clock-skew.header': ['clock-skew · behind · warn likely'],
  'closed-without-reply.closed': [CLOSED],
  'closed-without-reply.dropped': ['closed-without-reply · dropped'],
  'closed-without-reply.foreign': [CLOSED],
  'closed-without-reply.media': [CLOSED],
  'closed-without-reply.no-commas': [
    'signature-mismatch · no-delimiter',
    CLOSED,
    'handshake-field-missing · protocol_version · warn likely',
  ],
  'closed-without-reply.other-stream': [CLOSED],
  'concurrency-limited.limited': ['concurrency-limited · limited'],
  'concurrency-limited.limited-old-name': ['concurrency-limited · limited'],
  'concurrency-limited.near-limit': ['concurrency-limited · near-limit · warn certain'],
  'connection-lost.media': ['connection-lost · media'],
  'connection-lost.signaling': ['connection-lost · signaling'],
  'connection-lost.signaling-1000': ['connection-lost · signaling · warn likely'],
  'connection-lost.signaling-1001': ['connection-lost · signaling · warn likely'],
  'connection-lost.signaling-1005': ['connection-lost · signaling · warn likely'],
  'connection-lost.signaling-1011': ['connection-lost · signaling'],
  'connection-lost.window-missed': ['connection-lost · window-missed · fail likely', CLOSED],
  'credentials-conflict': ['credentials-conflict · other-name · warn certain'],
  'credentials-conflict.other-place': ['credentials-conflict · other-place · warn certain'],
  'credentials-conflict.sdk-override': ['credentials-conflict · sdk-override'],
  'credentials-conflict.sdk-override-unseen': ['credentials-conflict · sdk-override · fail likely'],
  'credentials-missing.absent': ['credentials-missing · absent'],
  'credentials-missing.other-product': ['credentials-missing · other-product'],
  'duplicate-connection.all-and-single': [
    'duplicate-connection · all-and-single',
    'media-refused · media-data-all-connection-exist',
  ],
  'duplicate-connection.first-try': [
    'handshake-refused · duplicate-signal-request',
    'duplicate-connection · first-try · warn possible',
  ],
  'duplicate-connection.just-closed': [
    'handshake-refused · duplicate-signal-request',
    'duplicate-connection · just-closed · warn likely',
  ],
  'duplicate-connection.media': ['duplicate-connection · two-open', 'media-refused · duplicate-media-data-connection'],
  'duplicate-connection.same-name': ['duplicate-connection · two-open', 'handshake-refused · duplicate-signal-request'],
  'duplicate-connection.side-by-side': ['duplicate-connection · two-open · warn likely'],
  'duplicate-connection.thrown-out': ['duplicate-connection · two-open · fail likely'],
  'duplicate-connection.two-open': ['duplicate-connection · two-open', 'handshake-refused · duplicate-signal-request'],
  'duplicate-connection.two-open-beta': [
    'duplicate-connection · two-open',
    'handshake-refused · duplicate-signal-request',
  ],
  'credentials-refused.account': ['credentials-refused · no-token · warn likely'],
  'credentials-refused.disabled': ['credentials-refused · no-token · warn likely'],
  'credentials-refused.no-pair': ['credentials-refused · no-pair'],
  'credentials-refused.other-grant': ['credentials-refused · other-grant · warn possible'],
  'credentials-refused.unknown': ['credentials-refused · no-token · warn likely'],
  'endpoint-unguarded.stale': ['endpoint-unguarded · stale · warn certain'],
  'endpoint-unguarded.unsigned': ['endpoint-unguarded · unsigned · warn certain'],
  'endpoint-unreachable.certificate-expired': ['endpoint-unreachable · certificate-expired · fail likely'],
  'endpoint-unreachable.certificate-expiring': ['endpoint-unreachable · certificate-expiring · warn certain'],
  'endpoint-unreachable.certificate-name': ['endpoint-unreachable · certificate-name · fail likely'],
  'endpoint-unreachable.chain-incomplete': ['endpoint-unreachable · chain-incomplete · fail likely'],
  'endpoint-unreachable.dns': ['endpoint-unreachable · dns · fail likely'],
  'endpoint-unreachable.no-tls': ['endpoint-unreachable · no-tls · fail likely'],
  'endpoint-unreachable.page': ['endpoint-unreachable · page · fail likely'],
  'endpoint-unreachable.private-address': ['endpoint-unreachable · private-address · fail likely'],
  'endpoint-unreachable.proxy': ['endpoint-unreachable · proxy · warn certain'],
  'endpoint-unreachable.tcp': ['endpoint-unreachable · tcp · fail likely'],
  'endpoint-unreachable.tls': ['endpoint-unreachable · tls · fail likely'],
  'entitlement.app-not-enabled': ['rest-refused · 2310', 'entitlement · app-not-enabled · fail possible'],
  'entitlement.basic-plan': ['entitlement · basic-plan · warn possible'],
  'entitlement.trial-expired': ['entitlement · trial-expired · fail likely'],
  'env-file-misread.backslash': ['env-file-misread · backslash · warn certain'],
  'env-file-misread.backtick': ['env-file-misread · backtick · warn certain'],
  'env-file-misread.bom': ['env-file-misread · bom · warn certain'],
  'env-file-misread.carriage-return': ['env-file-misread · carriage-return · warn certain'],
  'env-file-misread.colon': ['env-file-misread · colon'],
  'env-file-misread.dollar': ['env-file-misread · dollar · warn certain'],
  'env-file-misread.hash': ['env-file-misread · hash'],
  'env-file-misread.quote-inside': ['env-file-misread · quote-inside · warn certain'],
  'env-file-misread.shell-character': ['env-file-misread · shell-character · warn certain'],
  'env-file-misread.space': ['env-file-misread · space · warn certain'],
  'env-file-misread.space-around-equals': ['env-file-misread · space-around-equals · warn certain'],
  'env-file-misread.text-after-quote': ['env-file-misread · text-after-quote · warn certain'],
  'env-file-misread.typographic-quotes': ['env-file-misread · typographic-quotes'],
  'env-file-misread.unclosed-quote': ['env-file-misread · unclosed-quote'],
  'env-file-misread.utf-16': ['env-file-misread · utf-16'],
  'env-file-tracked': ['env-file-tracked · warn certain'],
  'event-missing.answered': ['event-missing · started · fail likely'],
  'event-missing.assumed': [
    'scope-missing · all · fail likely',
    'event-missing · started · fail likely',
    'event-missing · stopped · fail likely',
    'event-missing · concurrency · warn certain',
    'event-missing · interrupted · warn likely',
  ],
  'event-missing.disabled': ['event-missing · disabled'],
  'event-missing.for-admins': ['event-missing · for-admins · warn likely'],
  'event-missing.interrupted': [
    'event-missing · interrupted · warn certain',
    'event-missing · concurrency · warn certain',
  ],
  'event-missing.started': [
    'event-missing · started',
    'event-missing · stopped',
    'event-missing · interrupted · warn certain',
    'event-missing · concurrency · warn certain',
  ],
  'failover-ignored.failover': ['failover-ignored · failover', 'connection-lost · signaling'],
  'failover-ignored.interrupted': ['failover-ignored · interrupted', 'connection-lost · signaling'],
  'failover-ignored.media': ['failover-ignored · media'],
  'failover-ignored.media-late': ['failover-ignored · media · warn likely'],
  'failover-ignored.media-left': ['failover-ignored · media-left', 'connection-lost · media'],
  'failover-ignored.old-url': ['handshake-refused · invalid-rtms-stream-id', 'failover-ignored · old-url'],
  'handshake-difference.accepted': ['handshake-difference · accepted · warn certain'],
  'handshake-difference.framing': ['handshake-difference · framing'],
  'handshake-difference.neither': ['handshake-difference · neither · warn certain'],
  'handshake-difference.several': ['handshake-difference · several'],
  'handshake-difference.taken-by-mock': ['handshake-difference · accepted · warn likely'],
  'handshake-field-misnamed': ['handshake-field-misnamed', CLOSED],
  'handshake-field-misnamed.sign': ['handshake-field-misnamed', CLOSED],
  'handshake-field-misnamed.uuid': ['handshake-field-misnamed', CLOSED],
  'handshake-field-misnamed.version': [CLOSED, 'handshake-field-misnamed · warn likely'],
  'handshake-field-missing.entity-id': ['handshake-field-missing · entity-id', CLOSED],
  'handshake-field-missing.media_type': ['handshake-field-missing · media_type', CLOSED],
  'handshake-field-missing.msg_type': ['handshake-field-missing · msg_type', CLOSED],
  'handshake-field-missing.nested': [
    'handshake-field-missing · entity-id',
    'handshake-field-missing · rtms_stream_id',
    CLOSED,
  ],
  'handshake-field-missing.protocol_version': [CLOSED, 'handshake-field-missing · protocol_version · warn likely'],
  'handshake-field-missing.rtms_stream_id': ['handshake-field-missing · rtms_stream_id', CLOSED],
  'handshake-field-missing.signature': ['handshake-field-missing · signature', CLOSED],
  'handshake-field-type.entity-id': ['handshake-field-type · entity-id', CLOSED],
  'handshake-field-type.meeting-number': ['handshake-field-type · meeting-number', CLOSED],
  'handshake-field-type.msg_type': ['handshake-field-type · msg_type', CLOSED],
  'handshake-field-type.msg_type-digits': ['handshake-field-type · msg_type', CLOSED],
  'handshake-field-type.protocol_version': [CLOSED, 'handshake-field-type · protocol_version · warn likely'],
  'handshake-id-mismatch.encoded': ['handshake-id-mismatch · encoded', CLOSED],
  'handshake-id-mismatch.other-event': ['handshake-id-mismatch · other-event', CLOSED],
  'handshake-id-mismatch.other-id': ['handshake-id-mismatch · other-id', CLOSED],
  'handshake-id-mismatch.other-product-key': [CLOSED, 'handshake-id-mismatch · other-product-key · warn likely'],
  'handshake-id-mismatch.other-stream': ['handshake-id-mismatch · other-stream', CLOSED],
  'handshake-id-mismatch.other-value': ['handshake-id-mismatch · other-value', CLOSED],
  'handshake-id-mismatch.re-cased': ['handshake-id-mismatch · re-cased', CLOSED],
  'handshake-id-mismatch.trimmed': ['handshake-id-mismatch · trimmed', CLOSED],
  'handshake-not-json.binary-prefix': ['handshake-not-json · binary-prefix', CLOSED],
  'handshake-not-json.bom': ['handshake-not-json · bom', CLOSED],
  'handshake-not-json.double-encoded': ['handshake-not-json · double-encoded', CLOSED],
  'handshake-not-json.length-prefix': ['handshake-not-json · length-prefix', CLOSED],
  'handshake-not-json.not-json': ['handshake-not-json · not-json', CLOSED],
  'handshake-not-json.not-utf8': ['handshake-not-json · not-utf8', CLOSED],
  'handshake-not-json.protobuf': ['handshake-not-json · protobuf', CLOSED],
  'handshake-not-json.text-prefix': ['handshake-not-json · text-prefix', CLOSED],
  'handshake-not-json.trailing-bytes': ['handshake-not-json · trailing-bytes', CLOSED],
  'handshake-not-json.truncated': ['handshake-not-json · truncated', CLOSED],
  'handshake-not-json.typographic-quotes': ['handshake-not-json · typographic-quotes', CLOSED],
  'handshake-not-sent.media': ['handshake-not-sent · media'],
  'handshake-not-sent.signaling': ['handshake-not-sent · signaling'],
  'handshake-refused.duplicate-signal-request': [
    'handshake-refused · duplicate-signal-request',
    'duplicate-connection · first-try · warn possible',
  ],
  'handshake-refused.duplicate-signal-request-beta': [
    'handshake-refused · duplicate-signal-request',
    'duplicate-connection · first-try · warn possible',
  ],
  'handshake-refused.invalid-rtms-stream-id': ['handshake-refused · invalid-rtms-stream-id'],
  'handshake-refused.invalid-signature': ['handshake-refused · invalid-signature'],
  'handshake-refused.invalid-signature-beta': ['handshake-refused · invalid-signature'],
  'handshake-refused.no-status': ['handshake-refused · no-status'],
  'handshake-refused.unknown-status': ['handshake-refused · unknown-status'],
  'handshake-unanswered.media': ['handshake-unanswered · media'],
  'handshake-unanswered.signaling': ['handshake-unanswered · signaling'],
  'handshake-wrong-message.media': ['handshake-wrong-message · media', CLOSED],
  'handshake-wrong-message.signaling': ['handshake-wrong-message · signaling', CLOSED],
  'host-approval.dismissed': ['host-approval · dismissed · fail likely'],
  'install-mismatch.maybe-other-account': ['install-mismatch · other-account · warn possible'],
  'install-mismatch.other-account': ['install-mismatch · other-account · warn likely'],
  'install-mismatch.other-version': ['install-mismatch · other-version · fail likely'],
  'install-outdated.not-added-again': ['install-outdated · not-added-again · fail likely'],
  'install-outdated.not-granted': ['install-outdated · not-granted · fail likely'],
  'keep-alive-unanswered.no-timestamp': ['keep-alive-unanswered · no-timestamp · warn likely'],
  'keep-alive-unanswered.overdue': ['keep-alive-unanswered · unanswered · warn certain'],
  'keep-alive-unanswered.signaling-unread': ['keep-alive-unanswered · signaling-unread'],
  'keep-alive-unanswered.unanswered': ['keep-alive-unanswered · unanswered'],
  'keep-alive-unanswered.wrong-socket': ['keep-alive-unanswered · wrong-socket'],
  'keep-alive-unanswered.wrong-timestamp': ['keep-alive-unanswered · wrong-timestamp · warn likely'],
  'manifest-malformed.all-optional': ['manifest-malformed · all-optional', 'scope-unfit · optional · warn likely'],
  'manifest-malformed.app-owned-scope': ['manifest-malformed · app-owned-scope · warn certain'],
  'manifest-malformed.domain-not-an-object': ['manifest-malformed · domain-not-an-object'],
  'manifest-malformed.name-too-long': ['manifest-malformed · name-too-long'],
  'manifest-malformed.not-an-object': ['manifest-malformed · not-an-object'],
  'manifest-malformed.sections-missing': ['manifest-malformed · sections-missing'],
  'manifest-malformed.surface-without-product': ['manifest-malformed · surface-without-product'],
  'manifest-malformed.usage-unknown': ['manifest-malformed · usage-unknown'],
  'media-not-opened': ['media-not-opened · warn likely'],
  'media-params-invalid.combination': ['media-params-invalid · combination', CLOSED],
  'media-params-invalid.combination-audio': ['media-params-invalid · combination', CLOSED],
  'media-params-invalid.combination-disputed': ['media-params-invalid · combination · fail likely', CLOSED],
  'media-params-invalid.combined-mask': ['media-params-invalid · combined-mask · warn likely', CLOSED],
  'media-params-invalid.content-type': ['media-params-invalid · content-type · warn possible', CLOSED],
  'media-params-invalid.illegal-value': ['media-params-invalid · illegal-value', CLOSED],
  'media-params-invalid.media-type': ['media-params-invalid · media-type', CLOSED],
  'media-params-invalid.misnamed': ['media-params-invalid · misnamed · warn likely', CLOSED],
  'media-params-invalid.misnamed-language': ['media-params-invalid · misnamed · warn likely', CLOSED],
  'media-params-invalid.misplaced': ['media-params-invalid · misplaced · warn likely', CLOSED],
  'media-params-invalid.name-or-unit': ['media-params-invalid · name-or-unit', CLOSED],
  'media-params-invalid.not-an-object': ['media-params-invalid · not-an-object', CLOSED],
  'media-params-invalid.other-medium': ['media-params-invalid · other-medium · warn likely', CLOSED],
  'media-params-invalid.other-socket': ['media-params-invalid · other-socket', CLOSED],
  'media-params-invalid.unnamed-by-status': [
    'media-refused · invalid-signature',
    'media-params-invalid · name-or-unit',
  ],
  'media-refused.invalid-media-audio-params': ['media-refused · invalid-media-audio-params'],
  'media-refused.invalid-media-audio-sample-rate': ['media-refused · invalid-media-audio-sample-rate'],
  'media-refused.invalid-signature': ['media-refused · invalid-signature'],
  'media-refused.media-data-all-connection-exist': ['media-refused · media-data-all-connection-exist'],
  'media-refused.media-type-audio-not-support': ['media-refused · media-type-audio-not-support'],
  'media-refused.media-type-invalid-value': ['media-refused · media-type-invalid-value'],
  'media-refused.no-status': ['media-refused · no-status'],
  'media-silent.no-subscription': ['media-silent · no-subscription · warn possible'],
  'media-silent.nothing-sent': ['media-silent · nothing-sent · warn possible'],
  'media-url-missing.all': ['media-url-missing · all'],
  'media-url-missing.audio': ['media-url-missing · audio'],
  'media-url-missing.chat': ['media-url-missing · chat'],
  'media-url-missing.share': ['media-url-missing · share · warn likely'],
  'media-url-missing.transcript': ['media-url-missing · transcript'],
  'media-url-missing.video': ['media-url-missing · video'],
  'meeting-unfit.api': ['meeting-unfit · e2ee · warn possible'],
  'meeting-unfit.breakout': ['meeting-unfit · breakout · warn likely'],
  'message-malformed.alone': ['message-malformed · msg_type'],
  'message-malformed.double-encoded': ['message-malformed · double-encoded'],
  'message-malformed.field-missing': ['message-malformed · field-missing · fail likely'],
  'message-malformed.field-missing-id': ['message-malformed · field-missing · fail likely'],
  'message-malformed.field-missing-in-item': ['message-malformed · field-missing · fail likely'],
  'message-malformed.field-missing-user': ['message-malformed · field-missing · fail likely'],
  'message-malformed.field-type': ['message-malformed · field-type · fail likely'],
  'message-malformed.keep-alive': ['message-malformed · field-missing · warn likely'],
  'message-malformed.msg_type': ['message-malformed · msg_type'],
  'message-malformed.ready': ['message-malformed · field-missing · fail likely'],
  'message-malformed.server-message': ['message-malformed · server-message · warn certain'],
  'message-malformed.subscription-form': ['message-malformed · subscription-form · fail likely'],
  'message-malformed.wrong-socket': ['message-malformed · wrong-socket'],
  'message-malformed.wrong-socket-handshake': ['message-malformed · wrong-socket'],
  'proxy-ignored': ['proxy-ignored · warn possible'],
  'proxy-ignored.only-way': ['proxy-ignored · only-way', 'unreachable · tcp'],
  'proxy-ignored.shut': ['proxy-ignored · shut · warn certain', 'unreachable · tcp'],
  'proxy-ignored.through-it': ['proxy-ignored · warn possible'],
  'ready-missing.not-sent': ['ready-missing · not-sent'],
  'ready-missing.wrong-socket': ['ready-missing · wrong-socket'],
  'replies-not-read.binary': ['replies-not-read · binary · fail likely'],
  'replies-not-read.binary-dropped': ['replies-not-read · binary · fail likely'],
  'replies-not-read.early': ['replies-not-read · binary · fail likely'],
  'replies-not-read.text': ['replies-not-read · text · fail likely'],
  'reply-unreadable': ['reply-unreadable · not-rtms'],
  'rest-refused.13262': ['rest-refused · 13262'],
  'rest-refused.2308': ['rest-refused · 2308'],
  'rest-refused.2310': ['rest-refused · 2310'],
  'rest-refused.2312': ['rest-refused · 2312'],
  'rest-refused.3000': ['rest-refused · 3000'],
  'rest-refused.4711': ['rest-refused · 4711'],
  'rest-refused.foreign': ['rest-refused · foreign · warn likely'],
  'rest-refused.http-404': ['rest-refused · http-404'],
  'rest-refused.http-405': ['rest-refused · http-405'],
  'rest-refused.http-429': ['rest-refused · http-429'],
  'rest-refused.invalid-client': ['rest-refused · invalid-client'],
  'rest-refused.invalid-manifest': ['rest-refused · invalid-manifest'],
  'rest-refused.told': ['rest-refused · 2310 · fail likely'],
  'rest-refused.twice': ['rest-refused · 1401'],
  'rest-refused.unknown-code': ['rest-refused · unknown-code'],
  'rest-refused.unknown-status': ['rest-refused · unknown-status'],
  'rtms-not-started': ['rtms-not-started'],
  'rtms-not-started.other-meeting': ['rtms-not-started'],
  'runtime-unsupported.glibc': ['runtime-unsupported · glibc · warn possible'],
  'runtime-unsupported.libc': ['runtime-unsupported · libc · fail likely'],
  'runtime-unsupported.node': ['runtime-unsupported · node · fail likely'],
  'runtime-unsupported.platform': ['runtime-unsupported · platform · fail likely'],
  'scope-missing.all': ['scope-missing · all'],
  'scope-missing.audio': ['scope-missing · audio'],
  'scope-missing.control': ['scope-missing · control · warn likely'],
  'scope-missing.control-app-contact-center': ['scope-missing · all · warn possible'],
  'scope-missing.not-all': ['scope-missing · not-all · warn certain'],
  'scope-missing.not-saved': ['scope-missing · not-saved · fail likely'],
  'scope-missing.phone': ['scope-missing · audio · fail likely'],
  'scope-missing.share-unconfirmed': ['scope-missing · share · warn possible'],
  'scope-unfit.admin-scope': ['scope-unfit · admin-scope'],
  'scope-unfit.classic': ['scope-unfit · classic · warn certain'],
  'scope-unfit.optional': ['scope-unfit · optional · warn likely'],
  'scope-unfit.unwanted': ['scope-unfit · unwanted · warn certain'],
  'scope-unfit.user-scope': ['scope-unfit · user-scope'],
  'scope-unknown.invented': ['scope-unknown · invented · fail likely'],
  'scope-unknown.invented-control': ['scope-unknown · invented · fail likely'],
  'scope-unknown.look-alike': ['scope-unknown · look-alike · warn likely'],
  'scope-unknown.misspelt-alone': ['scope-unknown · misspelt · fail likely'],
  'scope-unknown.misspelt': ['scope-unknown · misspelt · fail likely'],
  'scope-unknown.unknown': ['scope-unknown · unknown · warn possible'],
  'sdk-api-missing.api': ['sdk-api-missing · api · warn certain'],
  'sdk-api-missing.surface': ['sdk-api-missing · surface · warn certain'],
  'sdk-outdated': ['sdk-outdated · before-1.1.0 · warn certain'],
  'sdk-outdated.range': ['sdk-outdated · before-1.1.0 · warn possible'],
  'secret-malformed.bom': ['secret-malformed · bom · warn certain'],
  'secret-malformed.empty': ['secret-malformed · empty'],
  'secret-malformed.newline': ['secret-malformed · newline · warn certain'],
  'secret-malformed.placeholder': ['secret-malformed · placeholder'],
  'secret-malformed.quotes': ['secret-malformed · quotes · warn certain'],
  'secret-malformed.same-as-id': ['secret-malformed · same-as-id'],
  'secret-malformed.same-as-token': ['secret-malformed · same-as-token'],
  'secret-malformed.shape': ['secret-malformed · shape · warn possible'],
  'secret-malformed.typographic-quotes': ['secret-malformed · typographic-quotes'],
  'secret-malformed.whitespace': ['secret-malformed · whitespace · warn certain'],
  'secret-malformed.zero-width': ['secret-malformed · zero-width'],
  'server-url-invalid.array': ['server-url-invalid · array · warn certain'],
  'server-url-invalid.empty': ['server-url-invalid · empty'],
  'server-url-invalid.host-not-allowed': ['server-url-invalid · host-not-allowed'],
  'server-url-invalid.malformed': ['server-url-invalid · malformed'],
  'server-url-invalid.not-encrypted': ['server-url-invalid · not-encrypted'],
  'server-url-invalid.not-websocket': ['server-url-invalid · not-websocket'],
  'server-url-invalid.object': ['server-url-invalid · object · warn certain'],
  'server-url-invalid.placeholder': ['server-url-invalid · placeholder'],
  'setting-off.auto-start-missing': ['setting-off · auto-start-missing · fail likely'],
  'setting-off.sharing-off': ['setting-off · sharing-off · fail likely'],
  'signature-mismatch.accepted': ['signature-mismatch · no-delimiter · warn certain'],
  'signature-mismatch.altered-id': ['signature-mismatch · altered-id', CLOSED],
  'signature-mismatch.key-decoded': ['signature-mismatch · key-decoded', CLOSED],
  'signature-mismatch.no-delimiter': ['signature-mismatch · no-delimiter', CLOSED],
  'signature-mismatch.part-missing': ['signature-mismatch · part-missing', CLOSED],
  'signature-mismatch.stray-whitespace': ['signature-mismatch · stray-whitespace', CLOSED],
  'signature-mismatch.unknown': ['signature-mismatch · unknown', CLOSED],
  'signature-mismatch.wrong-algorithm': ['signature-mismatch · wrong-algorithm', CLOSED],
  'signature-mismatch.wrong-delimiter': ['signature-mismatch · wrong-delimiter', CLOSED],
  'signature-mismatch.wrong-encoding': ['signature-mismatch · wrong-encoding', CLOSED],
  'signature-mismatch.wrong-id': ['signature-mismatch · wrong-id', CLOSED],
  'signature-mismatch.wrong-key': ['signature-mismatch · wrong-key', CLOSED],
  'signature-mismatch.wrong-order': ['signature-mismatch · wrong-order', CLOSED],
  'signature-shape.base64': ['signature-shape · base64', CLOSED],
  'signature-shape.established': ['signature-shape · base64', CLOSED],
  'signature-shape.length': ['signature-shape · length', CLOSED],
  'signature-shape.not-hex': ['signature-shape · not-hex', CLOSED],
  'signature-shape.upper-case': ['signature-shape · upper-case · fail likely', CLOSED],
  'start-missing.accepted-only': ['start-missing · accepted-only · warn likely'],
  'start-missing.start-failed': ['start-missing · start-failed'],
  'start-missing.nobody': ['start-missing · nobody · fail likely'],
  'start-missing.not-running': ['start-missing · not-running · warn likely'],
  'stream-stopped.admin-disabled-app': ['stream-stopped · admin-disabled-app'],
  'stream-stopped.authentication-failure': ['stream-stopped · authentication-failure'],
  'stream-stopped.await-reconnection-timeout': [
    'stream-stopped · await-reconnection-timeout',
    'connection-lost · signaling',
  ],
  'stream-stopped.connection-timeout': ['stream-stopped · connection-timeout', 'webhook-stale · old · warn likely'],
  'stream-stopped.keep-alive-timeout': ['stream-stopped · keep-alive-timeout'],
  'stream-stopped.stream-revoked': ['stream-stopped · stream-revoked · warn certain'],
  'stream-stopped.unknown-reason': ['stream-stopped · unknown-reason · warn certain'],
  'tls-inspected': ['tls-inspected · warn likely'],
  'token-unusable.expired': ['token-unusable · expired · fail likely'],
  'token-unusable.not-a-jwt': ['token-unusable · not-a-jwt · warn possible'],
  'token-unusable.other-app': ['token-unusable · other-app · warn possible'],
  'token-unusable.other-app-user': ['token-unusable · other-app · fail likely'],
  'unreachable.dns': ['unreachable · dns'],
  'unreachable.media': ['unreachable · tls'],
  'unreachable.inspected': ['unreachable · tls'],
  'unreachable.no-network': ['unreachable · dns'],
  'unreachable.proxy': ['unreachable · proxy'],
  'unreachable.request': ['unreachable · request'],
  'unreachable.tcp': ['unreachable · tcp'],
  'unreachable.tls': ['unreachable · tls'],
  'unreachable.upgrade': ['unreachable · upgrade'],
  'unreachable.upgrade-cut': ['unreachable · upgrade'],
  'upgrade-refused.bad-request': ['upgrade-refused · bad-request'],
  'upgrade-refused.forbidden': ['upgrade-refused · forbidden'],
  'upgrade-refused.host': ['upgrade-refused · not-found'],
  'upgrade-refused.not-an-upgrade': ['upgrade-refused · not-an-upgrade'],
  'upgrade-refused.not-found': ['upgrade-refused · not-found'],
  'upgrade-refused.other-status': ['upgrade-refused · other-status'],
  'upgrade-refused.redirect': ['upgrade-refused · redirect'],
  'upgrade-refused.too-many-requests': ['upgrade-refused · too-many-requests'],
  'upgrade-refused.unavailable': ['upgrade-refused · unavailable'],
  'upgrade-refused.upgrade-required': ['upgrade-refused · upgrade-required'],
  'webhook-duplicate.again': ['webhook-duplicate · retry · warn certain'],
  'webhook-duplicate.retry': ['webhook-slow · late', 'webhook-duplicate · retry · warn certain'],
  'webhook-duplicate.second-user': ['webhook-duplicate · second-user · warn certain'],
  'webhook-duplicate.unanswered': ['webhook-duplicate · retry · warn certain'],
  'webhook-field-missing.entity-id': ['webhook-field-missing · entity-id'],
  'webhook-field-missing.rtms_stream_id': ['webhook-field-missing · rtms_stream_id'],
  'webhook-field-missing.server_urls': ['webhook-field-missing · server_urls'],
  'webhook-not-json.double-encoded': ['webhook-not-json · double-encoded · warn certain'],
  'webhook-not-json.not-json': ['webhook-not-json · not-json'],
  'webhook-not-json.truncated': ['webhook-not-json · truncated'],
  'webhook-not-json.typographic-quotes': ['webhook-not-json · typographic-quotes · warn certain'],
  'webhook-not-received.not-validated': ['webhook-not-received · not-validated · fail likely'],
  'webhook-not-rtms.beta-name': ['webhook-not-rtms · beta-name · warn certain'],
  'webhook-not-rtms.beside-endpoint': ['webhook-not-rtms · other-event'],
  'webhook-not-rtms.interrupted': ['webhook-not-rtms · interrupted'],
  'webhook-not-rtms.live-streaming': ['webhook-not-rtms · live-streaming'],
  'webhook-not-rtms.never-started': ['webhook-not-rtms · other-event · warn likely'],
  'webhook-not-rtms.no-event': ['webhook-not-rtms · no-event'],
  'webhook-not-rtms.other-event': ['webhook-not-rtms · other-event'],
  'webhook-not-rtms.other-rtms': ['webhook-not-rtms · other-rtms', 'concurrency-limited · near-limit · warn certain'],
  'webhook-not-rtms.stopped': ['webhook-not-rtms · stopped'],
  'webhook-not-rtms.url-validation': ['webhook-not-rtms · url-validation'],
  'webhook-refused.client-error': ['webhook-refused · client-error'],
  'webhook-refused.method-not-allowed': ['webhook-refused · method-not-allowed'],
  'webhook-refused.mis-signed': ['webhook-signature-mismatch · unknown'],
  'webhook-refused.not-found': ['webhook-refused · not-found'],
  'webhook-refused.redirect': ['webhook-refused · redirect'],
  'webhook-refused.server-error': ['webhook-refused · server-error'],
  'webhook-refused.too-large': ['webhook-refused · too-large'],
  'webhook-refused.too-many-requests': ['webhook-refused · too-many-requests'],
  'webhook-refused.unauthorized': ['webhook-refused · unauthorized'],
  'webhook-refused.unreachable': ['webhook-refused · unreachable'],
  'webhook-refused.unreachable-tls': ['webhook-refused · unreachable'],
  'webhook-refused.unusual-success': ['webhook-refused · unusual-success · warn possible'],
  'webhook-signature-mismatch.altered-body': ['webhook-signature-mismatch · altered-body'],
  'webhook-signature-mismatch.both': [
    'webhook-signature-mismatch · wrong-key',
    'webhook-signature-mismatch · unsigned · warn certain',
  ],
  'webhook-signature-mismatch.stale': ['webhook-signature-mismatch · stale · warn certain'],
  'webhook-signature-mismatch.stranger': [
    'webhook-signature-mismatch · wrong-key · warn certain',
    'webhook-signature-mismatch · unknown · warn certain',
  ],
  'webhook-signature-mismatch.unknown': ['webhook-signature-mismatch · unknown'],
  'webhook-signature-mismatch.unsigned': ['webhook-signature-mismatch · unsigned · warn certain'],
  'webhook-slow.after-all': ['webhook-slow · late'],
  'webhook-slow.late': ['webhook-slow · late'],
  'webhook-slow.no-answer': ['webhook-slow · no-answer'],
  'webhook-slow.slow': ['webhook-slow · slow · warn certain'],
  'webhook-stale.old': [CLOSED, 'webhook-stale · old · warn likely'],
  'webhook-stale.seconds': [CLOSED, 'webhook-stale · seconds · warn certain'],
  'webhook-undelivered.never-sent': ['webhook-undelivered · never-sent · fail likely'],
  'webhook-undelivered.not-found': ['webhook-undelivered · not-found'],
  'webhook-undelivered.nothing-sent': ['webhook-undelivered · nothing-sent · warn possible'],
  'webhook-undelivered.status-500': ['webhook-undelivered · status-500'],
  'webhook-undelivered.tls-verification': ['webhook-undelivered · tls-verification'],
  'webhook-validation.late': ['webhook-validation · late'],
  'webhook-validation.method-not-allowed': ['webhook-validation · method-not-allowed'],
  'webhook-validation.no-answer': ['webhook-validation · no-answer'],
  'webhook-validation.no-token': ['webhook-validation · no-token'],
  'webhook-validation.no-plain-token': ['webhook-validation · no-plain-token · warn certain'],
  'webhook-validation.redirect': ['webhook-validation · redirect'],
  'webhook-validation.unknown': ['webhook-validation · unknown'],
  'webhook-validation.unreachable': ['webhook-validation · unreachable'],
  'webhook-validation.wrong-body': ['webhook-validation · wrong-body'],
  'webhook-validation.wrong-encoding': ['webhook-validation · wrong-encoding'],
  'webhook-validation.wrong-key': ['webhook-validation · wrong-key'],
  'webhook-validation.wrong-status': ['webhook-validation · wrong-status'],
};

const isGood = (name: string): boolean => name.endsWith('.ok');
const ruleOf = (name: string): string => name.split('.')[0] ?? '';

describe('sessions', () => {
  it.each(Object.entries(EXPECTED))('%s', (name, expected) => {
    expect(diagnose(name).findings.map(brief).toSorted()).toEqual(expected.toSorted());
  });

  it.each(SESSIONS.filter(isGood))('%s gives no finding', (name) => {
    expect(diagnose(name).findings).toEqual([]);
  });

  it('each has its row', () => {
    expect(SESSIONS.filter((name) => !isGood(name)).toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });

  it.each(SESSIONS)('%s is a whole recording', (name) => {
    const { problems, events } = readSession(name);
    expect(problems).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
    const times = events.map(({ t }) => t);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it.each(SESSIONS)('%s holds no signature in clear', (name) => {
    expect(sessionText(name)).not.toMatch(/[0-9a-f]{64}/i);
  });
});

describe('the list of rules', () => {
  it.each(RULES.map(({ id }) => id))('%s has a session it fails and one it does not', (id) => {
    const own = SESSIONS.filter((name) => ruleOf(name) === id);
    expect(own.some((name) => diagnose(name).findings.some(({ rule }) => rule === id))).toBe(true);
    expect(own.some(isGood)).toBe(true);
  });

  it.each(SESSIONS)('%s is named after a rule', (name) => {
    expect(RULES.map(({ id }) => id)).toContain(ruleOf(name));
  });

  it('names each rule as its file', () => {
    const folder = fileURLToPath(new URL('../../src/rules/', import.meta.url));
    const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
    expect(files).toEqual(expect.arrayContaining(RULES.map(({ id }) => id)));
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });

  it.each(Object.keys(SIGNATURE_CAUSES))('knows a session for the signature mistake %s', (cause) => {
    expect(diagnose(`signature-mismatch.${cause}`).findings.map((finding) => finding.cause)).toContain(cause);
  });
});

describe('findings', () => {
  const findings = Object.keys(EXPECTED).flatMap((name) =>
    diagnose(name).findings.map((finding) => ({ name, finding, events: readSession(name).events })),
  );

  it.each(findings)('$name: $finding.rule can be acted on and traced', ({ finding, events }) => {
    expect(finding.fix).toMatch(/\S/);
    expect(finding.evidence.length).toBeGreaterThan(0);
    expect(finding.docs).toMatch(/^https:\/\//);
    const numbers = finding.evidence.flatMap(({ event }) => event ?? []);
    expect(numbers.filter((number) => events[number - 1] === undefined)).toEqual([]);
  });

  it.each(findings)('$name: $finding.rule is worded for people', ({ finding: { message, fix = '' } }) => {
    for (const text of [message, fix]) {
      expect(text).toMatch(/^(?:[a-z0-9*_]|Zoom|[A-Z]{2})/);
      expect(text).not.toMatch(/!|\b[Pp]lease\b|undefined|NaN|\[object/);
    }
  });
});

describe('the silent close: signed without commas, protocol_version left out', () => {
  const diagnosis = diagnose('closed-without-reply.no-commas');

  it('names the signature first, then the field, and the close as what they explain', () => {
    const causes = diagnosis.findings.filter(({ rule }) => rule !== 'closed-without-reply');
    expect(causes.map(brief)).toEqual([
      'signature-mismatch · no-delimiter',
      'handshake-field-missing · protocol_version · warn likely',
    ]);
    expect(diagnosis.findings.filter(({ status }) => status === 'fail').at(-1)?.rule).toBe('closed-without-reply');
    expect(exitCodeOf(diagnosis, RULES)).toBe(1);
  });

  it('points at the signature in the frame', () => {
    const { events } = readSession('closed-without-reply.no-commas');
    const [place] = diagnosis.findings[0]?.evidence ?? [];
    const event = events[(place?.event ?? 0) - 1];
    expect(place?.path).toBe('$.signature');
    expect(event?.type === 'frame' && readFrame(event).message.msg_type).toBe(
      MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value,
    );
  });

  it('rules the rest out, with the evidence', () => {
    expect(diagnosis.ruledOut.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'the network: upgraded in 120 ms',
      'the framing: one JSON text, nothing around it',
      'a stale payload: 4 s old',
      'unread binary frames: none came',
      'keep-alive: closed 359 ms in, before any keep-alive was due',
    ]);
  });
});
