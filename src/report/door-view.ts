/** What is said at the proxy's door: how a client comes to trust its certificate, and what is wrong with one that left. */

/** A client that came no further, by what it did. */
export const TURNED_AWAY = {
  path: 'a client asked for a path that is not in any server_urls; it has to use the URL of the payload as it is',
  'tls-expected': 'a client spoke ws:// where --tls offers wss://; it has to use the URL of the payload as it is',
  'tls-unexpected': 'a client spoke wss:// where ws:// is offered; --tls offers wss://',
  untrusted: 'a client refused the certificate; it does not trust the authority yet',
  'left-in-tls': 'a client left in the middle of the TLS handshake; most likely it does not trust the authority yet',
} as const;

/** How to trust an authority, in the runtimes most clients have. `ca` is its path as a shell wants it. */
export const trustLines = (ca: string): (readonly [label: string, text: string])[] => [
  ['trust', `your client has to trust ${ca}, which can vouch for this machine alone`],
  ['java', `keytool -importcert -noprompt -alias rtms -file ${ca} -keystore rtms-trust.p12 -storepass changeit`],
  ['', 'java -Djavax.net.ssl.trustStore=rtms-trust.p12 -Djavax.net.ssl.trustStorePassword=changeit …'],
  ['python', `SSL_CERT_FILE=${ca} python3 …   (websockets, aiohttp)`],
  ['', `WEBSOCKET_CLIENT_CA_BUNDLE=${ca} python3 …   (websocket-client)`],
  ['', 'or ssl.create_default_context(cafile=…), where the client makes its own context'],
  ['go', `SSL_CERT_FILE=${ca} ./client   (Linux; elsewhere tls.Config.RootCAs)`],
  ['node', `NODE_EXTRA_CA_CERTS=${ca} node …`],
];
