/** The command line: every command with its flags, help and examples. Actions load their code when they run. */
import { Command, CommanderError, InvalidArgumentError, Option, type Help } from 'commander';
import type { ConnectOptions } from './commands/connect.js';
import type { DoctorOptions } from './commands/doctor.js';
import type { LintOptions } from './commands/lint.js';
import type { ListenOptions } from './commands/listen.js';
import type { MockOptions } from './commands/mock.js';
import type { ProxyOptions } from './commands/proxy.js';
import type { ChallengeOptions, SignOptions, SignWebhookOptions } from './commands/sign.js';
import type { GlobalOptions } from './config.js';
import { EXIT, type ExitCode } from './errors.js';
import { VERSION } from './version.js';

const ARTEFACT_KINDS = ['handshake', 'message', 'webhook', 'manifest', 'recording'] as const;

const DUMPS = ['text', 'hex', 'json', 'none'] as const;
const BODY = 'how to show the body of a frame; none shows its line alone';

/** Examples of each command, shown between what it does and its options. */
const EXAMPLES = new WeakMap<Command, readonly (readonly [line: string, what: string])[]>();

const program = new Command('rtms')
  .description('tells you why your Zoom Realtime Media Streams (RTMS) connection fails')
  .version(VERSION, '--version', 'print the version')
  .option('--json', 'print JSON alone on stdout')
  .addOption(new Option('--color', 'force colour'))
  .addOption(new Option('--no-color', 'no colour'))
  .option('-q, --quiet', 'print the result only')
  .option('-v, --verbose', 'print every step')
  .option('--env-file <file>', 'read credentials from this file instead of .env')
  .option('--no-input', 'never ask; a missing value is an error')
  .option('--show-secrets', 'leave signatures readable; secrets and tokens stay hidden')
  .helpCommand(false)
  .configureHelp({ formatHelp, showGlobalOptions: true })
  .showHelpAfterError('  give   one of the commands and options of rtms --help')
  .exitOverride();
examples(program, [
  ['rtms connect --mock', 'see a whole session without a Zoom account'],
  ['rtms connect --payload started.json', 'open the stream of a webhook and explain its end'],
  ['rtms listen', 'receive webhooks, and see what is wrong with them'],
  ['rtms sign --payload started.json --verify 9f2c…', 'find out what is wrong with a signature'],
  ['rtms explain 1000', 'what a number means, and what it does not'],
]);

const sign = program
  .command('sign')
  .description('computes the handshake signature, or finds the mistake in one')
  .option('--payload <file>', 'the started webhook, or - for standard input')
  .option('--meeting-uuid <id>', 'sign for this meeting')
  .option('--webinar-uuid <id>', 'sign for this webinar')
  .option('--session-id <id>', 'sign for this Video SDK session')
  .option('--engagement-id <id>', 'sign for this Contact Center engagement')
  .option('--call-id <id>', 'sign for this Zoom Phone call')
  .option('--stream-id <id>', 'the rtms_stream_id')
  .option('--verify <signature>', 'compare with this value and name the mistake')
  .option('--handshake <file>', 'check this handshake frame and its signature, or - for standard input')
  .option('--explain', 'show every part that goes in (default on a terminal)')
  .option('--snippet <language>', 'print correct code: js, ts, python, java, kotlin, go, csharp, php, ruby, rust, bash')
  .action(async (_, command: Command) =>
    run(async () => (await import('./commands/sign.js')).sign(command.optsWithGlobals<SignOptions>())),
  );
credentialOptions(sign);
examples(sign, [
  ['rtms sign --payload started.json', 'the signature for this webhook'],
  ['rtms sign --payload started.json --verify 9f2c…', 'is this one right, and if not, why'],
  ['rtms sign --payload started.json --handshake mine.json', 'is my whole handshake right'],
  ['rtms sign --snippet java', 'code that is right'],
]);

const signWebhook = sign
  .command('webhook')
  .description('computes the x-zm-signature of a webhook, or finds the mistake in one')
  .requiredOption('--body <file>', 'the request body, byte for byte, or - for standard input')
  .option('--timestamp <seconds>', 'the x-zm-request-timestamp header')
  .option('--verify <signature>', 'compare with this x-zm-signature and name the mistake')
  .action(async (_, command: Command) =>
    run(async () =>
      (await import('./commands/sign.js')).signWebhookBody(command.optsWithGlobals<SignWebhookOptions>()),
    ),
  );
secretTokenOptions(signWebhook);
examples(signWebhook, [
  ['rtms sign webhook --body body.json --timestamp 1784548800', 'the header Zoom would send'],
  ['rtms sign webhook --body body.json --timestamp 1784548800 --verify v0=3cf6…', 'is this one right, and if not, why'],
]);

const challenge = sign
  .command('challenge')
  .description('answers an endpoint.url_validation challenge')
  .argument('<plainToken>', 'payload.plainToken of the challenge')
  .option('--verify <token>', 'compare with this encryptedToken and name the mistake')
  .action(async (plainToken: string, _, command: Command) =>
    run(async () =>
      (await import('./commands/sign.js')).signChallenge(plainToken, command.optsWithGlobals<ChallengeOptions>()),
    ),
  );
secretTokenOptions(challenge);
examples(challenge, [['rtms sign challenge qgg8vlvZRS6UYooatFL8Aw', 'the body to answer with']]);

const connect = program
  .command('connect')
  .description('opens the stream of a webhook, shows every frame, and explains the end')
  .option('--payload <file>', 'the started webhook, or - for standard input')
  .option('--mock [scenario]', 'connect to an embedded mock server instead of Zoom')
  .option('--media <list>', 'audio, video, share, transcript, chat, or all', 'all')
  .addOption(new Option('--dump <form>', BODY).choices(DUMPS).default('text'))
  .option('--max-bytes <n>', 'bytes of each frame to show', wholeNumber, 512)
  .option('--record <file>', 'write every event to this recording (*.rtms.jsonl)')
  .option('--duration <time>', 'stop after 30s, 500ms, 2m')
  .option('--timeout <time>', 'how long to wait for a connection, and for the answer to a handshake', '10s')
  .option('--handshake <file>', 'send these bytes as the handshake, exactly')
  .addOption(
    new Option('--opcode <opcode>', 'of the --handshake frame; guessed from its bytes').choices(['text', 'binary']),
  )
  .option('--url <wss>', 'the signaling URL, instead of the one in the payload')
  .option('--signaling-only', 'open no media socket')
  .option('--no-buffer', 'send buffer_data false: no audio from before the connection')
  .option('--protocol-version <n>', 'protocol_version to send', wholeNumber, 1)
  .option('--event <name...>', 'subscribe to these events, such as ACTIVE_SPEAKER_CHANGE')
  .option('--allow-host <host...>', 'let the signature go to a host outside zoom.us and zoomgov.com')
  .option('--ca <file>', 'trust these certificate authorities too (PEM)')
  .option('--insecure', 'accept any TLS certificate')
  .option('--keylog <file>', 'write TLS keys for Wireshark')
  .option('--proxy <url>', 'go through this HTTP proxy')
  .option('--reconnect', 'connect again when the connection is lost')
  .option('--end-stream', 'end the stream on the way out, instead of leaving it to another client')
  .action(async (_, command: Command) =>
    run(async () => (await import('./commands/connect.js')).connect(command.optsWithGlobals<ConnectOptions>())),
  );
credentialOptions(connect);
examples(connect, [
  ['rtms connect --mock --duration 5s', 'see a whole session without a Zoom account'],
  ['rtms connect --payload started.json --media audio,transcript', 'the real thing'],
  ['rtms connect --payload started.json --handshake mine.json', 'what does the server say to my handshake'],
  ['rtms connect --payload started.json --dump none --record s.rtms.jsonl', 'keep everything, show little'],
]);

const lint = program
  .command('lint')
  .description('judges handshakes, webhooks, manifests, recordings and logs, line by line')
  .argument('<file...>', 'files, folders, or - for standard input')
  .addOption(new Option('--as <kind>', 'what it is; told by its content unless given').choices(ARTEFACT_KINDS))
  .option('--hex', 'read it as hex digits or a hexdump')
  .option('--base64', 'read it as Base64')
  .option('--raw', 'take its bytes as they are, as one message')
  .option('--github', 'print annotations for GitHub Actions')
  .action(async (files: string[], _, command: Command) =>
    run(async () => (await import('./commands/lint.js')).lint(files, command.optsWithGlobals<LintOptions>())),
  );
credentialOptions(lint);
examples(lint, [
  ['rtms lint mine.json', 'is my handshake right'],
  ['rtms lint started.json mine.json', 'does it fit the webhook'],
  ['rtms lint packet.hex', 'and its framing: hexdumps, Base64 and raw bytes too'],
  ['rtms lint app.log', 'every message in a log'],
]);

const explain = program
  .command('explain')
  .description('says what a number, a name or a rule means, and what it does not')
  .argument('[topic...]', 'a number, a name, or a word and the number after it; without one, all there is')
  .action(async (topic: readonly string[], _, command: Command) =>
    run(async () => (await import('./commands/explain.js')).explain(topic, command.optsWithGlobals<GlobalOptions>())),
  );
examples(explain, [
  ['rtms explain 1000', 'every meaning of a number'],
  ['rtms explain stop 18 status 15', 'a word and the number after it are one topic'],
  ['rtms explain stop', 'every stop reason; so with status, msg, event, codec, scopes …'],
  ['rtms explain meeting:read:meeting_audio', 'a scope; so with webhook events, errors, rules'],
  ['rtms explain flow', 'how a session goes; also setup, signature, keep-alive, reconnect'],
]);

const doctor = program
  .command('doctor')
  .description('judges everything you have, ranks what can be wrong, and names the one thing to do next')
  .option('--product <product>', 'meeting, webinar, video-sdk, contact-center or phone')
  .option('--media <list>', 'the media you want: audio, video, share, transcript, chat, or all')
  .option('--payload <file>', 'the started webhook, or - for standard input')
  .option('--handshake <file>', 'the handshake your client sends, byte for byte')
  .option('--session <recording>', 'a recording (*.rtms.jsonl) of connect or proxy')
  .option('--manifest <file>', 'the Marketplace manifest of the app, in either form')
  .option('--scopes <list>', 'the scopes of the app, or a file with them')
  .option('--token-file <file>', 'an access token, or the whole answer it came in (ZOOM_ACCESS_TOKEN)')
  .option('--app-id <id>', 'the App ID, to ask Zoom about the app and its webhook log')
  .option('--account-id <id>', 'the account of a Server-to-Server app (ZOOM_ACCOUNT_ID)')
  .option('--webhook-url <url>', 'ask this webhook endpoint what Zoom would ask it')
  .option('--live', 'shake hands with the server of the payload; this can displace a client that runs')
  .option('--bisect', 'find the difference that makes the server take your --handshake, by trying')
  .option('--mock [scenario]', 'for --live and --bisect: a mock server in place of Zoom')
  .option('--offline', 'ask the network nothing')
  .option('--close-code <n>', 'the close code your library reports')
  .option('--after <time>', 'how long after the handshake it closed: 1.8s, 359ms')
  .option('--frames-in <n>', 'how many messages came in before, text and binary')
  .option('--ask', 'ask what only you can tell; elsewhere than on a terminal, print it as a checklist')
  .option('--no-ask', 'leave those questions out')
  .option('--answers <file>', 'take answers from this file')
  .option('--save-answers <file>', 'keep the answers in this file')
  .action(async (_, command: Command) =>
    run(async () => (await import('./commands/doctor.js')).doctor(command.optsWithGlobals<DoctorOptions>())),
  );
credentialOptions(doctor);
examples(doctor, [
  ['rtms doctor --close-code 1000 --after 1.8s --frames-in 0', 'a socket that closed and said nothing'],
  ['rtms doctor --payload started.json --handshake mine.json', 'what is wrong with what I send'],
  ['rtms doctor --session s.rtms.jsonl', 'what went wrong in a recording'],
  ['rtms doctor --manifest app.json --media audio,transcript', 'what is missing in my app'],
  ['rtms doctor --webhook-url https://HOST/webhook', 'does my endpoint answer as Zoom wants'],
  ['rtms doctor --bisect --mock --handshake mine.json', 'which difference keeps the server from answering'],
  ['rtms doctor --ask', 'what no file and no wire shows'],
]);

const listen = program
  .command('listen')
  .description("receives Zoom's webhooks, answers them, and shows what is wrong with them")
  .option('--port <n>', 'the port to listen on; 0 takes a free one', portNumber, 4040)
  .option('--path <path>', 'the path of the URL that is registered', '/')
  .option('--host <address>', 'the address to listen on; 0.0.0.0 is every one', '127.0.0.1')
  .option('--save <dir>', 'keep each webhook there, byte for byte, fit for --payload')
  .option('--forward <url>', 'pass each webhook on to your own app, untouched, and judge its answer')
  .option('--connect', 'open each stream that starts, as rtms connect does')
  .addOption(
    new Option('--proxy', 'with --forward: lead each stream through here, as rtms proxy --listen does').conflicts(
      'connect media host save once timeout manifest scopes answers'.split(' '),
    ),
  )
  .option('--media <list>', 'with --connect: audio, video, share, transcript, chat, or all (default all)')
  .addOption(new Option('--dump <form>', `with --connect, --proxy: ${BODY} (default text)`).choices(DUMPS))
  .option('--max-bytes <n>', 'with --connect, --proxy: bytes of each frame to show (default 512)', wholeNumber)
  .option('--allow-host <host...>', 'with --connect, --proxy: let the signature go to a host outside zoom.us')
  .option('--ca <file>', 'trust these certificate authorities too (PEM)')
  .option('--insecure', 'accept any TLS certificate')
  .option('--once <event>', 'leave after this event, such as meeting.rtms_started or rtms_started')
  .option('--timeout <time>', 'how long to wait for rtms_started once a meeting has started', '60s')
  .option('--manifest <file>', 'the Marketplace manifest of the app, judged where rtms_started stays away')
  .option('--scopes <list>', 'the scopes of the app, or a file with them, judged likewise')
  .option('--answers <file>', 'answers kept with rtms doctor --save-answers, judged likewise')
  .option('--record <file>', 'write every event to this recording (*.rtms.jsonl)')
  .action(async (_, command: Command) =>
    run(async () => {
      const { proxy: through, ...options } = command.optsWithGlobals<ListenOptions & { readonly proxy?: true }>();
      return through
        ? (await import('./commands/proxy.js')).listenThrough(options)
        : (await import('./commands/listen.js')).listen(options);
    }),
  );
credentialOptions(listen);
examples(listen, [
  ['rtms listen', 'answer the URL validation, see every webhook'],
  ['rtms listen --save hooks', 'keep them, for rtms connect --payload'],
  ['rtms listen --forward http://localhost:3000/webhook', 'what does my own app answer, and how fast'],
  ['rtms listen --connect --media audio', 'open each stream as it starts'],
  ['rtms listen --proxy --forward http://localhost:3000/webhook', 'see what my own client sends and gets'],
]);

const mock = program
  .command('mock')
  .description('stands in for Zoom for your own client, in any language, and says what it thinks of it')
  .option('--scenario <name>', 'what to play: a name of --list, a file, or all to judge your client (default ok)')
  .option('--list', 'say which scenarios there are, and what they expect of a client')
  .option('--webhook <url>', 'validate this endpoint of your app, and send it the webhooks')
  .option('--write-payload <file>', 'write the started webhook for your client, or - for standard output')
  .addOption(
    new Option('--product <name>', 'what is streamed')
      .choices(['meeting', 'webinar', 'video-sdk', 'contact-center', 'phone'])
      .default('meeting'),
  )
  .option('--sessions <n>', 'streams at once', countNumber, 1)
  .option('--port <n>', 'a free one unless given', portNumber, 0)
  .option('--host <address>', 'to listen on; ::1 for IPv6', '127.0.0.1')
  .option('--tls [folder]', 'offer wss://, with a certificate authority kept in this folder (default ~/.rtms)')
  .option('--tell', 'put the reason of a refusal into the close frame, which Zoom does not')
  .option('--speed <n>', "how many times as fast the server's clock runs", positiveNumber, 1)
  .option('--media-dir <folder>', 'play these: wav, l16, h264, jpg, png, vtt, txt')
  .option('--replay <file>', 'play a recording back')
  .option('--record <file>', 'write every event to this recording (*.rtms.jsonl); more sessions, more recordings')
  .option('--html <file>', 'write the report of --scenario all as one page')
  .addOption(new Option('--dump <form>', BODY).choices(DUMPS).default('text'))
  .option('--max-bytes <n>', 'bytes of each frame to show', wholeNumber, 512)
  .option('--duration <time>', 'stop after 30s, 500ms, 2m')
  .option('--ca <file>', 'trust these certificate authorities too (PEM), where --webhook is https')
  .option('--insecure', 'accept any TLS certificate of --webhook')
  .action(async (_, command: Command) =>
    run(async () => (await import('./commands/mock.js')).mock(command.optsWithGlobals<MockOptions>())),
  );
credentialOptions(mock);
examples(mock, [
  ['rtms mock --write-payload started.json', 'then give started.json to your client'],
  ['rtms mock --webhook http://localhost:3000/webhook', 'for an app that starts with the webhook'],
  ['rtms mock --scenario silent-close --tell', 'what Zoom does not say, in the close frame'],
  ['rtms mock --scenario all --webhook http://localhost:3000/webhook', 'judge your client'],
]);

const proxy = program
  .command('proxy')
  .description('stands between your own client and Zoom, shows every frame, and explains the end')
  .option('--payload <file>', 'a started webhook, or - for standard input')
  .option('--write-payload <file>', 'write it with server_urls that lead through the proxy, or - for standard output')
  .option('--listen <port>', 'receive webhooks on this port instead', portNumber)
  .option('--path <path>', 'the path to receive them on', '/')
  .option('--forward <url>', 'hand them on to your app, with server_urls that lead through the proxy')
  .option('--port <n>', 'of the proxy; 0 takes a free one', portNumber, 0)
  .option('--tls [folder]', 'offer wss://, with a certificate authority kept in this folder (default ~/.rtms)')
  .addOption(new Option('--dump <form>', BODY).choices(DUMPS).default('text'))
  .option('--max-bytes <n>', 'bytes of each frame to show', wholeNumber, 512)
  .option('--record <file>', 'write every event to this recording (*.rtms.jsonl); more clients, more recordings')
  .option('--duration <time>', 'stop after 30s, 500ms, 2m')
  .option('--timeout <time>', 'how long to wait for a connection, and for the answer to a handshake', '10s')
  .option('--allow-host <host...>', 'let the signature go to a host outside zoom.us and zoomgov.com')
  .option('--ca <file>', 'trust these certificate authorities too (PEM), on the way to Zoom')
  .option('--insecure', 'accept any TLS certificate on the way to Zoom')
  .option('--proxy <url>', 'go to Zoom through this HTTP proxy')
  .action(async (_, command: Command) =>
    run(async () => (await import('./commands/proxy.js')).proxy(command.optsWithGlobals<ProxyOptions>())),
  );
credentialOptions(proxy);
examples(proxy, [
  ['rtms proxy --payload started.json --write-payload mine.json', 'then give mine.json to your client'],
  ['rtms proxy --listen 4040 --forward http://localhost:3000/', 'in front of your webhook endpoint'],
  ['rtms proxy --payload started.json --write-payload mine.json --tls', 'for a client that wants wss://'],
  ['rtms proxy … --dump none --record s.rtms.jsonl', 'keep everything, show little'],
]);

// Help is written by commander; a reader that has seen enough is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exitCode = error.code === 'EPIPE' ? EXIT.ok : EXIT.incomplete;
});

try {
  for (const command of program.commands) nameOwnHelp(command);
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === EXIT.ok ? EXIT.ok : EXIT.usage;
}

/** After a wrong option, the help of the command that has it. */
function nameOwnHelp(command: Command, name = `rtms ${command.name()}`): void {
  command.showHelpAfterError(`  give   one of the options of ${name} --help`);
  for (const each of command.commands) nameOwnHelp(each, `${name} ${each.name()}`);
}

/** Runs a command. Expected failures end in a message and their exit code, a bug in its stack and 70. */
async function run(command: () => Promise<ExitCode>): Promise<void> {
  // What is thrown in the handler of a socket's event reaches no `catch`.
  process.once('uncaughtException', (error) => void leave(error));
  try {
    process.exitCode = await command();
  } catch (error) {
    const { reportError } = await import('./report-error.js');
    process.exitCode = await reportError(error, program.opts());
  }
}

async function leave(error: unknown): Promise<void> {
  const { reportError } = await import('./report-error.js');
  process.exit(await reportError(error, program.opts()));
}

function credentialOptions(command: Command): void {
  command
    .option('--client-id <id>', "the app's client id (ZOOM_CLIENT_ID)")
    .option(
      '--client-secret-file <file>',
      'a file with the client secret, or - for standard input (ZOOM_CLIENT_SECRET)',
    )
    .addOption(
      new Option('--client-secret <value>', 'the client secret itself; visible in the process list').hideHelp(),
    );
  secretTokenOptions(command);
}

function secretTokenOptions(command: Command): void {
  command
    .option('--secret-token-file <file>', 'a file with the webhook Secret Token (ZOOM_SECRET_TOKEN)')
    .addOption(new Option('--secret-token <value>', 'the Secret Token itself; visible in the process list').hideHelp());
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it is not a whole number');
  return Number(text);
}

function countNumber(text: string): number {
  const count = wholeNumber(text);
  if (count === 0) throw new InvalidArgumentError('at least 1 is expected');
  return count;
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('a port is at most 65535');
  return port;
}

function positiveNumber(text: string): number {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('it is not a number above 0');
  return number;
}

function examples(command: Command, lines: readonly (readonly [line: string, what: string])[]): void {
  EXAMPLES.set(command, lines);
}

/** What it does, then examples, then the rest: the reader is in a hurry. */
function formatHelp(command: Command, helper: Help): string {
  const width = helper.padWidth(command, helper);
  const list = (title: string, items: readonly (readonly [term: string, text: string])[]): string[] =>
    items.length === 0 ? [] : ['', title, ...items.map(([term, text]) => helper.formatItem(term, width, text, helper))];
  const lines = EXAMPLES.get(command) ?? [];
  const column = Math.max(0, ...lines.map(([line]) => line.length)) + 2;
  return [
    helper.commandDescription(command),
    ...(lines.length === 0 ? [] : ['', ...lines.map(([line, what]) => `  ${line.padEnd(column)} ${what}`)]),
    '',
    `usage: ${helper.commandUsage(command)}`,
    ...list(
      'arguments',
      helper.visibleArguments(command).map((item) => [helper.argumentTerm(item), item.description]),
    ),
    ...list(
      'commands',
      helper.visibleCommands(command).map((item) => [helper.subcommandTerm(item), helper.subcommandDescription(item)]),
    ),
    ...list(
      'options',
      helper.visibleOptions(command).map((item) => [helper.optionTerm(item), helper.optionDescription(item)]),
    ),
    ...list(
      'everywhere',
      helper.visibleGlobalOptions(command).map((item) => [helper.optionTerm(item), helper.optionDescription(item)]),
    ),
    '',
  ].join('\n');
}
