import type { KeyRing, Scheme } from './index.js';

/** A captured request, and the settings of the verifier that rejected it. */
export interface ExplainInput {
  /** The capture. The supported formats are raw HTTP/1, the output of `curl -v`, a HAR file, JSON with `method`, `url`,
   * `headers` and `body`, a browser's "copy as cURL (bash)" or "copy as fetch", and a verifier's log record. */
  capture: string | Uint8Array;
  /** The keys of the verifier. */
  keys: KeyRing;
  /** The name of the service that rejected the request. Required unless the scheme of the request is `client`. */
  service?: string;
  /** A capture of the same request as the sender sent it. */
  sent?: string | Uint8Array;
  /** The index of the request in a capture with several requests. By default, the first signed request is used. */
  entry?: number;
  /** The log line of the rejection. */
  log?: string;
  /**
   * The time when the request arrived: a Unix time in milliseconds, a `Date`, or an ISO 8601 string with a time zone. Without
   * this setting, the timestamp is checked only if the log or the capture contains the time of arrival.
   */
  at?: number | Date | string;
  /** The path prefix that a proxy removes. */
  prefix?: string;
  /** Hosts that the sender may have called. */
  hosts?: readonly string[];
  /** The verifier's `schemes` setting. By default, all schemes are accepted. */
  schemes?: readonly Scheme[];
  /** The maximum timestamp age that the verifier accepts, in seconds. */
  past?: number;
  /** The maximum time that a timestamp may be in the future, in seconds. */
  future?: number;
  /** The verifier's `authorities` setting. */
  authorities?: readonly string[] | 'any';
  /** The verifier's `ignoreAuthority` setting. */
  ignoreAuthority?: boolean;
  /** The verifier's `scheme` setting: the URL scheme that senders use. */
  scheme?: 'http' | 'https';
}

/** The result of one check by the verifier. */
export interface ExplainedCheck {
  check: 'headers' | 'sender' | 'key version' | 'time' | 'mac' | 'body' | 'replay';
  result: 'passed' | 'failed' | 'not reached' | 'not tested';
  detail: string;
}

/** A part of the signing input. A value that may be secret is replaced with its length, and a body with its hash. */
export interface ExplainedComponent {
  component: string;
  arrived: string | null;
  signed: string | null;
  /** Whether `arrived` and `signed` are equal; `null` if the signed value is unknown. */
  same: boolean | null;
}

/** The explanation of a rejection. It contains no secrets, signatures or bodies. */
export interface Explanation {
  /** `proven` if the cause is proven, `valid` if the captured request is valid, otherwise `unexplained`. */
  outcome: 'proven' | 'valid' | 'unexplained';
  /** The cause, such as `path` or `authority and path`, or `null` if no cause is proven. */
  culprit: string | null;
  explanation: string;
  /** All changes to the request that are proven. */
  changes: { culprit: string; explanation: string }[];
  /** The exit code of the command: 0 if the cause is proven, otherwise 1. */
  exitCode: 0 | 1;
  scheme: Scheme | null;
  sender: string | null;
  keyVersion: number | null;
  /** The reason for the rejection, if the capture shows it. */
  reason: string | null;
  /** The reason in the log line. */
  logged: string | null;
  signedAtMs: number | null;
  arrivedAtMs: number | null;
  arrivedAtSource: string | null;
  checks: ExplainedCheck[];
  components: ExplainedComponent[];
  /** The hypotheses that were tested, each with the number of variants tested. */
  tried: { hypothesis: string; variants: number }[];
  /** The hypotheses that this capture is not sufficient to test. */
  untested: string[];
  /** The explanation in the form that the command prints. */
  text: string;
}

/**
 * Explains why a request was rejected. A cause is reported only if the MAC proves it, or if the capture itself shows it, as
 * with a missing header. Throws an error whose `code` is `SEALWIRE_CONFIG` if the capture format is not supported or a setting
 * is invalid.
 */
export function explain(input: ExplainInput): Explanation;
