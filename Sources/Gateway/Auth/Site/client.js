// The browser client of Gatehouse: an ES module without dependencies.
//
//     import { GatehouseClient } from "/api/auth/client.js";
//     const auth = new GatehouseClient();
//     await auth.start();                                  // the user, or null
//     const answer = await auth.fetch("/api/orders");      // as fetch, signed in
//     auth.addEventListener("over", () => location.assign("/login"));
//
// The access token is kept in memory and goes to this gateway only; the refresh token is an HttpOnly cookie that no
// script sees. However many calls find out at once that the token has expired, in however many tabs, one of them
// refreshes and the others take what it got: a lock keeps the tabs apart, a channel tells them. Should two refresh all
// the same, the gateway gives both the same successor, so nothing is lost.

/** Seconds before its end at which a token counts as expired: it has a way to go. */
const leewaySeconds = 10;
/** How long a tab that waited for another one's refresh listens for what came of it. */
const handoverMilliseconds = 500;
/** How long a lock that was left behind in localStorage holds. */
const leaseMilliseconds = 10_000;
/** Refusals of an access token that a new one may answer. */
const curable = new Set(["TOKEN_EXPIRED", "TOKEN_MISSING", "TOKEN_REVOKED"]);

/** What the gateway answered instead of what was asked for. */
export class Refused extends Error {
  constructor(status, answer, retryAfterSeconds) {
    super(answer.error ?? `The gateway answered ${status}.`);
    this.name = "Refused";
    this.status = status;
    this.code = answer.code ?? "";
    this.details = answer.details ?? {};
    this.requestId = answer.requestId ?? "";
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static async from(response) {
    const answer = await response.json().catch(() => ({}));
    return new Refused(response.status, answer, Number(response.headers.get("Retry-After")) || null);
  }
}

export class GatehouseClient extends EventTarget {
  /** `{token, expiresAt, user}` or null. Replaced as a whole, so that "has it changed?" is one comparison. */
  #session = null;
  #refreshing = null;
  /** There is no session to pick up, as the gateway or another tab has said: not worth asking at every call. */
  #isSignedOut = false;
  /** Gets "heard" when another tab has said something. */
  #heard = new EventTarget();
  #base;
  #name;
  #channel;

  /** `base`: where `/api/auth/` is; by default where this module came from. */
  constructor({ base = new URL("./", import.meta.url) } = {}) {
    super();
    this.#base = new URL(base, location.href);
    if (!this.#base.pathname.endsWith("/")) this.#base.pathname += "/";
    this.#name = `gatehouse ${this.#base.href}`;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = (event) => this.#hear(event.data);
  }

  /** The signed-in user, as of the last answer that told; null when nobody is. */
  get user() {
    return this.#session?.user ?? null;
  }

  /** Picks up the session of the refresh cookie, if there is one; the user, or null. */
  async start() {
    if (!this.#session) await this.#refresh(null);
    return this.user;
  }

  async register({ email, password, name }) {
    return this.#signIn("register", { email, password, name });
  }

  async login({ email, password }) {
    return this.#signIn("login", { email, password });
  }

  /** Ends this session. Throws when the gateway could not; the session then goes on. */
  async logout() {
    await this.#lock(async () => {
      await this.#post("logout", undefined, this.#session?.token);
      this.#end("LOGGED_OUT");
    });
  }

  /** Ends every session of the user; how many. */
  async logoutAll() {
    const { revoked } = await this.#json("logout-all", { method: "POST" });
    this.#end("LOGGED_OUT");
    return revoked;
  }

  async me() {
    return (await this.#json("me")).user;
  }

  async sessions() {
    return (await this.#json("sessions")).sessions;
  }

  async deleteSession(id) {
    await this.#json(`sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  /** Every other session ends; how many. */
  async changePassword({ currentPassword, newPassword }) {
    const answer = await this.#json("password/change", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ currentPassword, newPassword }),
    });
    return answer.revoked;
  }

  /**
   * As `fetch`, with the access token. When the gateway says that the token is no longer good, the session is refreshed
   * and the call made once more; when the session is over, "over" is dispatched and the gateway's 401 is the answer.
   */
  async fetch(input, init) {
    const request = new Request(input, init);
    // A token in the wrong hands is the account: it goes nowhere but to the gateway that issued it.
    if (new URL(request.url).origin !== this.#base.origin) {
      throw new TypeError(`${request.url} is not at ${this.#base.origin}, where the token belongs`);
    }
    await this.#refreshing;
    if (this.#session && Date.now() >= this.#session.expiresAt) await this.#refresh(this.#session).catch(() => {});
    const before = this.#session;
    const response = await fetch(this.#signed(request.clone(), before));
    if (!(await isCurable(response))) return response;
    if (this.#session === before && !this.#isSignedOut) await this.#refresh(before);
    const now = this.#session;
    // In another tab somebody else may have signed in meanwhile: what was begun as one is not finished as the other.
    if (!now || now === before || (before && before.user.id !== now.user.id)) return response;
    return fetch(this.#signed(request, now));
  }

  #signed(request, session) {
    if (session) request.headers.set("Authorization", `Bearer ${session.token}`);
    return request;
  }

  async #json(path, init) {
    const response = await this.fetch(new URL(path, this.#base), init);
    if (!response.ok) throw await Refused.from(response);
    return response.status === 204 ? null : response.json();
  }

  async #post(path, body, token) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers["Authorization"] = `Bearer ${token}`;
    const response = await fetch(new URL(path, this.#base), {
      method: "POST",
      credentials: "include",
      headers,
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw await Refused.from(response);
    return response.json();
  }

  async #signIn(path, body) {
    return this.#lock(async () => {
      this.#begin(await this.#post(path, body));
      return this.user;
    });
  }

  // Refreshing: once in this tab, then once among the tabs.

  /** Replaces `stale`. Afterwards the session is a newer one, or null; throws when the gateway could not say. */
  #refresh(stale) {
    this.#refreshing ??= this.#refreshAmongTabs(stale).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #refreshAmongTabs(stale) {
    await this.#lock(async (hasWaited) => {
      // Another tab held the lock, so it has refreshed, or is telling us that the session is over.
      if (hasWaited && this.#session === stale) await this.#listen(stale);
      if (this.#session !== stale) return;
      try {
        this.#begin(await this.#refreshNow());
      } catch (problem) {
        if (problem.status !== 401) throw problem;
        this.#end(problem.code);
      }
    });
  }

  /** One more try when the answer was lost or the gateway is busy: it gives the same successor again. */
  async #refreshNow() {
    try {
      return await this.#post("refresh");
    } catch (problem) {
      const mayRetry = !(problem instanceof Refused) || problem.status === 503;
      if (!mayRetry) throw problem;
      await pause(1000 * Math.min(problem.retryAfterSeconds ?? 0.3, 5));
      return this.#post("refresh");
    }
  }

  /** Waits until the channel has told of another session than `stale`, or of its end; or nobody does. */
  #listen(stale) {
    this.#channel.postMessage({ ask: true });
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#heard.removeEventListener("heard", check);
        resolve();
      };
      const check = () => this.#session !== stale && finish();
      const timer = setTimeout(finish, handoverMilliseconds);
      this.#heard.addEventListener("heard", check);
    });
  }

  #lock(body) {
    return navigator.locks ? webLock(this.#name, body) : storageLock(this.#name, body);
  }

  // What this tab knows, and what it tells the others.

  #begin({ user, accessToken, expiresIn }) {
    const expiresAt = Date.now() + 1000 * Math.max(expiresIn - leewaySeconds, expiresIn / 2);
    this.#take({ token: accessToken, expiresAt, user });
    this.#channel.postMessage({ session: this.#session });
  }

  #end(code) {
    this.#channel.postMessage({ over: code });
    this.#drop(code);
  }

  #hear(message) {
    if (message.ask && this.#session) this.#channel.postMessage({ session: this.#session });
    // Answers to a question may be older than what we have.
    if (message.session && message.session.expiresAt > (this.#session?.expiresAt ?? 0)) this.#take(message.session);
    if (message.over) this.#drop(message.over);
    this.#heard.dispatchEvent(new Event("heard"));
  }

  #take(session) {
    const isSame = this.#session?.user.id === session.user.id;
    this.#session = session;
    this.#isSignedOut = false;
    if (!isSame) this.dispatchEvent(new CustomEvent("user", { detail: { user: session.user } }));
  }

  #drop(code) {
    this.#isSignedOut = true;
    if (!this.#session) return;
    this.#session = null;
    this.dispatchEvent(new CustomEvent("over", { detail: { code } }));
  }
}

/** Whether a gateway, not the backend behind it, refused the token, for a reason that a new one may cure. */
async function isCurable(response) {
  if (response.status !== 401) return false;
  if (!response.headers.get("WWW-Authenticate")?.startsWith('Bearer realm="gatehouse"')) return false;
  const answer = await response.clone().json().catch(() => ({}));
  return curable.has(answer.code);
}

/** Runs `body` while no other tab is in it; tells it whether another one was. */
async function webLock(name, body) {
  let hasWaited = false;
  const result = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) return void (hasWaited = true);
    return { value: await body(false) };
  });
  if (!hasWaited) return result.value;
  return navigator.locks.request(name, () => body(true));
}

/**
 * The same where there are no Web Locks, which is on plain http but for localhost: a lease in localStorage, taken when it
 * is still ours a moment after it was written. Not watertight; what slips through, the gateway's grace takes up.
 */
async function storageLock(name, body) {
  let storage;
  try {
    storage = window.localStorage;
    storage.getItem(name);
  } catch {
    return body(false);
  }
  const mine = `${Math.random()}`.slice(2);
  let hasWaited = false;
  const holder = () => {
    const [id, until] = (storage.getItem(name) ?? "").split(" ");
    return id && Number(until) > Date.now() ? id : null;
  };
  while (holder() !== mine) {
    if (holder()) {
      hasWaited = true;
      await storageChange(name, 250);
    } else {
      storage.setItem(name, `${mine} ${Date.now() + leaseMilliseconds}`);
      await pause(20 + 20 * Math.random());
    }
  }
  try {
    return await body(hasWaited);
  } finally {
    if (holder() === mine) storage.removeItem(name);
  }
}

/** Until another tab has written there, but not for ever: that tab may be gone. */
function storageChange(name, milliseconds) {
  return new Promise((resolve) => {
    const done = (event) => {
      if (event && event.key !== name && event.key !== null) return;
      clearTimeout(end);
      window.removeEventListener("storage", done);
      resolve();
    };
    const end = setTimeout(done, milliseconds);
    window.addEventListener("storage", done);
  });
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
