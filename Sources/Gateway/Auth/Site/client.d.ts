// The types of the browser client of Gatehouse, `client.js`.

export interface User {
  id: string;
  email: string;
  emailVerified: boolean;
  name: string | null;
  roles: string[];
  createdAt: string;
}

export interface Session {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  ip: string | null;
  userAgent: string | null;
  current: boolean;
}

/** What the gateway answered instead of what was asked for. */
export class Refused extends Error {
  readonly status: number;
  /** Stable; docs/errors.md lists them. */
  readonly code: string;
  /** With VALIDATION_FAILED: member → why. */
  readonly details: Record<string, string>;
  readonly requestId: string;
  readonly retryAfterSeconds: number | null;
}

export interface GatehouseClientEvents {
  /** Somebody signed in, or another user did, in this tab or another. */
  user: CustomEvent<{ user: User }>;
  /** The session is over: the gateway's code says why, or LOGGED_OUT. */
  over: CustomEvent<{ code: string }>;
}

export class GatehouseClient extends EventTarget {
  /** `base`: where `/api/auth/` is; by default where the module came from. */
  constructor(options?: { base?: string | URL });

  /** The signed-in user, as of the last answer that told; null when nobody is. */
  readonly user: User | null;

  /** Picks up the session of the refresh cookie, if there is one. */
  start(): Promise<User | null>;
  register(account: { email: string; password: string; name?: string | null }): Promise<User>;
  login(account: { email: string; password: string }): Promise<User>;
  /** Throws when the gateway could not; the session then goes on. */
  logout(): Promise<void>;
  /** Ends every session of the user; how many. */
  logoutAll(): Promise<number>;
  me(): Promise<User>;
  sessions(): Promise<Session[]>;
  deleteSession(id: string): Promise<void>;
  /** Ends every other session; how many. */
  changePassword(passwords: { currentPassword: string; newPassword: string }): Promise<number>;

  /** As `fetch`, with the access token, which is refreshed when need be; only for the gateway's own origin. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

  addEventListener<Name extends keyof GatehouseClientEvents>(
    type: Name,
    listener: (event: GatehouseClientEvents[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
