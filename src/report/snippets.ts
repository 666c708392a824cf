/**
 * Whole programs that print a handshake signature, one per language, to paste and run. It holds them and runs none;
 * our own way to sign is protocol/signature.ts.
 */

export const SNIPPET_LANGUAGES = [
  'js',
  'ts',
  'python',
  'java',
  'kotlin',
  'go',
  'csharp',
  'php',
  'ruby',
  'rust',
  'bash',
] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

/**
 * A program that takes client id and secret from ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET, entity id and stream id from
 * its arguments, and prints the signature: 64 characters of lower-case hex and a newline. `entityField` is the name
 * of the entity id in the webhook, such as `session_id`, and names the variable.
 */
export function snippet(language: SnippetLanguage, entityField: string): string {
  const camelCase = entityField.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return SNIPPETS[language].replaceAll('meeting_uuid', entityField).replaceAll('meetingUuid', camelCase);
}

const SNIPPETS: Readonly<Record<SnippetLanguage, string>> = {
  js: String.raw`// Node 18 or later: node sign.mjs <meeting_uuid> <rtms_stream_id>
import { createHmac } from 'node:crypto';

function fail(message) {
  console.error(message);
  process.exit(1);
}

const clientId = process.env.ZOOM_CLIENT_ID || fail('ZOOM_CLIENT_ID is not set');
const clientSecret = process.env.ZOOM_CLIENT_SECRET || fail('ZOOM_CLIENT_SECRET is not set');
const [meetingUuid, streamId] = process.argv.slice(2);
if (!meetingUuid || !streamId) fail('usage: sign.mjs <meeting_uuid> <rtms_stream_id>');

// Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
const message = [clientId, meetingUuid, streamId].join(',');
console.log(createHmac('sha256', clientSecret).update(message).digest('hex'));
`,

  ts: String.raw`// Node 18 or later, with @types/node: compile, then node sign.mjs <meeting_uuid> <rtms_stream_id>
import { createHmac } from 'node:crypto';

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const clientId = process.env['ZOOM_CLIENT_ID'] || fail('ZOOM_CLIENT_ID is not set');
const clientSecret = process.env['ZOOM_CLIENT_SECRET'] || fail('ZOOM_CLIENT_SECRET is not set');
const usage = 'usage: sign.mjs <meeting_uuid> <rtms_stream_id>';
const meetingUuid = process.argv[2] || fail(usage);
const streamId = process.argv[3] || fail(usage);

// Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
const message = [clientId, meetingUuid, streamId].join(',');
console.log(createHmac('sha256', clientSecret).update(message).digest('hex'));
`,

  python: String.raw`# Python 3: python3 sign.py <meeting_uuid> <rtms_stream_id>
import hashlib
import hmac
import os
import sys


def required(name: str) -> str:
    return os.environ.get(name) or sys.exit(f"{name} is not set")


client_id = required("ZOOM_CLIENT_ID")
client_secret = required("ZOOM_CLIENT_SECRET")
if len(sys.argv) != 3:
    sys.exit("usage: sign.py <meeting_uuid> <rtms_stream_id>")
meeting_uuid, stream_id = sys.argv[1:]

# Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
message = ",".join([client_id, meeting_uuid, stream_id])
print(hmac.new(client_secret.encode("utf-8"), message.encode("utf-8"), hashlib.sha256).hexdigest())
`,

  java: String.raw`// Java 17 or later: java Sign.java <meeting_uuid> <rtms_stream_id>
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Sign {
    public static void main(String[] args) throws Exception {
        String clientId = required("ZOOM_CLIENT_ID");
        String clientSecret = required("ZOOM_CLIENT_SECRET");
        if (args.length != 2) {
            fail("usage: Sign <meeting_uuid> <rtms_stream_id>");
        }
        String meetingUuid = args[0];
        String streamId = args[1];

        // Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
        String message = String.join(",", clientId, meetingUuid, streamId);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(clientSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] digest = mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        System.out.println(HexFormat.of().formatHex(digest));
    }

    private static String required(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            fail(name + " is not set");
        }
        return value;
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
`,

  kotlin: String.raw`// Kotlin on the JVM: kotlinc Sign.kt -include-runtime -d sign.jar
// java -jar sign.jar <meeting_uuid> <rtms_stream_id>
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlin.system.exitProcess

fun fail(message: String): Nothing {
    System.err.println(message)
    exitProcess(1)
}

fun required(name: String): String =
    System.getenv(name)?.takeIf { it.isNotEmpty() } ?: fail(name + " is not set")

fun main(args: Array<String>) {
    val clientId = required("ZOOM_CLIENT_ID")
    val clientSecret = required("ZOOM_CLIENT_SECRET")
    if (args.size != 2) fail("usage: sign.jar <meeting_uuid> <rtms_stream_id>")
    val (meetingUuid, streamId) = args

    // Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
    val message = listOf(clientId, meetingUuid, streamId).joinToString(",")
    val mac = Mac.getInstance("HmacSHA256")
    mac.init(SecretKeySpec(clientSecret.toByteArray(), "HmacSHA256"))
    println(mac.doFinal(message.toByteArray()).joinToString("") { "%02x".format(it) })
}
`,

  go: String.raw`// go run sign.go <meeting_uuid> <rtms_stream_id>
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
)

func main() {
	clientID := required("ZOOM_CLIENT_ID")
	clientSecret := required("ZOOM_CLIENT_SECRET")
	if len(os.Args) != 3 {
		fail("usage: sign <meeting_uuid> <rtms_stream_id>")
	}
	meetingUuid, streamID := os.Args[1], os.Args[2]

	// Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
	message := strings.Join([]string{clientID, meetingUuid, streamID}, ",")
	mac := hmac.New(sha256.New, []byte(clientSecret))
	mac.Write([]byte(message))
	fmt.Println(hex.EncodeToString(mac.Sum(nil)))
}

func required(name string) string {
	value := os.Getenv(name)
	if value == "" {
		fail(name + " is not set")
	}
	return value
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
`,

  csharp: String.raw`// .NET 6 or later, .NET Framework 4.6 or later: dotnet run -- <meeting_uuid> <rtms_stream_id>
using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

public static class Sign
{
    public static void Main(string[] args)
    {
        string clientId = Required("ZOOM_CLIENT_ID");
        string clientSecret = Required("ZOOM_CLIENT_SECRET");
        if (args.Length != 2) Fail("usage: Sign <meeting_uuid> <rtms_stream_id>");
        string meetingUuid = args[0];
        string streamId = args[1];

        // Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
        string message = string.Join(",", clientId, meetingUuid, streamId);
        using (var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(clientSecret)))
        {
            byte[] digest = hmac.ComputeHash(Encoding.UTF8.GetBytes(message));
            Console.WriteLine(string.Concat(digest.Select(b => b.ToString("x2"))));
        }
    }

    private static string Required(string name)
    {
        string value = Environment.GetEnvironmentVariable(name) ?? "";
        if (value == "") Fail(name + " is not set");
        return value;
    }

    private static void Fail(string message)
    {
        Console.Error.WriteLine(message);
        Environment.Exit(1);
    }
}
`,

  php: String.raw`<?php
// PHP 8.1 or later: php sign.php <meeting_uuid> <rtms_stream_id>
declare(strict_types=1);

function fail(string $message): never
{
    fwrite(STDERR, $message . PHP_EOL);
    exit(1);
}

$client_id = getenv('ZOOM_CLIENT_ID') ?: fail('ZOOM_CLIENT_ID is not set');
$client_secret = getenv('ZOOM_CLIENT_SECRET') ?: fail('ZOOM_CLIENT_SECRET is not set');
if ($argc !== 3) {
    fail('usage: sign.php <meeting_uuid> <rtms_stream_id>');
}
[, $meeting_uuid, $stream_id] = $argv;

// Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
$message = implode(',', [$client_id, $meeting_uuid, $stream_id]);
echo hash_hmac('sha256', $message, $client_secret), "\n";
`,

  ruby: String.raw`# ruby sign.rb <meeting_uuid> <rtms_stream_id>
require 'openssl'

def required(name)
  value = ENV.fetch(name, '')
  value.empty? ? abort("#{name} is not set") : value
end

client_id = required('ZOOM_CLIENT_ID')
client_secret = required('ZOOM_CLIENT_SECRET')
abort('usage: sign.rb <meeting_uuid> <rtms_stream_id>') unless ARGV.length == 2
meeting_uuid, stream_id = ARGV

# Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
message = [client_id, meeting_uuid, stream_id].join(',')
puts OpenSSL::HMAC.hexdigest('SHA256', client_secret, message)
`,

  rust: String.raw`// Cargo.toml: hmac = "0.12" and sha2 = "0.10"; cargo run -- <meeting_uuid> <rtms_stream_id>
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::{env, process};

fn fail(message: &str) -> ! {
    eprintln!("{message}");
    process::exit(1);
}

fn required(name: &str) -> String {
    match env::var(name) {
        Ok(value) if !value.is_empty() => value,
        _ => fail(&format!("{name} is not set")),
    }
}

fn main() {
    let client_id = required("ZOOM_CLIENT_ID");
    let client_secret = required("ZOOM_CLIENT_SECRET");
    let args: Vec<String> = env::args().skip(1).collect();
    let [meeting_uuid, stream_id] = args.as_slice() else {
        fail("usage: sign <meeting_uuid> <rtms_stream_id>");
    };

    // Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
    let message = [client_id.as_str(), meeting_uuid, stream_id].join(",");
    let mut mac = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(message.as_bytes());
    let digest = mac.finalize().into_bytes();
    println!("{}", digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
}
`,

  bash: `#!/usr/bin/env bash
# bash sign.sh <meeting_uuid> <rtms_stream_id>
# openssl takes the key as an argument, which other users of the machine can see while it runs.
set -euo pipefail

fail() {
  printf '%s\\n' "$1" >&2
  exit 1
}

[ -n "\${ZOOM_CLIENT_ID:-}" ] || fail 'ZOOM_CLIENT_ID is not set'
[ -n "\${ZOOM_CLIENT_SECRET:-}" ] || fail 'ZOOM_CLIENT_SECRET is not set'
[ $# -eq 2 ] || fail 'usage: sign.sh <meeting_uuid> <rtms_stream_id>'
meeting_uuid=$1
stream_id=$2

# Joined by commas, no spaces; the id exactly as received in the webhook; the secret as UTF-8, never decoded.
# printf, since echo would add a newline.
printf '%s,%s,%s' "$ZOOM_CLIENT_ID" "$meeting_uuid" "$stream_id" |
  openssl dgst -sha256 -hmac "$ZOOM_CLIENT_SECRET" -r |
  cut -d ' ' -f 1
`,
};
