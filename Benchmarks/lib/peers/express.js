// A gateway as the tutorials build it: express, a check of the bearer token, http-proxy with kept connections.
'use strict';
const crypto = require('crypto');
const http = require('http');
const express = require('express');
const httpProxy = require('http-proxy');

const { PORT, UPSTREAM, SECRET, ISSUER, AUDIENCE } = process.env;
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
const proxy = httpProxy.createProxyServer({ target: UPSTREAM, agent, xfwd: true });
proxy.on('error', (error, request, response) => response.writeHead(502).end(String(error.code)));

const FOREIGN = ['x-user-id', 'x-user-email', 'x-user-email-verified', 'x-user-roles', 'x-user-role', 'x-user-name',
  'x-session-id', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'forwarded',
  'x-real-ip', 'x-original-url', 'x-rewrite-url', 'x-http-method-override', 'proxy'];

function claimsOf(token) {
  const [head, payload, signature, more] = token.split('.');
  if (signature === undefined || more !== undefined) return null;
  if (JSON.parse(Buffer.from(head, 'base64url')).alg !== 'HS256') return null;
  const expected = crypto.createHmac('sha256', SECRET).update(`${head}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) return null;
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const isGood = claims.iss === ISSUER && claims.aud === AUDIENCE && claims.exp > Date.now() / 1000;
  return isGood ? claims : null;
}

function strip(request, response, next) {
  for (const name of FOREIGN) delete request.headers[name];
  next();
}

function authenticate(request, response, next) {
  const [scheme, token] = (request.headers.authorization || '').split(' ');
  let claims = null;
  try {
    if (scheme === 'Bearer' && token) claims = claimsOf(token);
  } catch (error) { /* not a token */ }
  if (!claims) return response.status(401).json({ error: 'Sign in first.', code: 'UNAUTHORIZED' });
  request.user = claims;
  request.headers['x-user-id'] = claims.sub;
  request.headers['x-session-id'] = claims.sid;
  request.headers['x-user-email'] = claims.email;
  request.headers['x-user-email-verified'] = String(claims.email_verified);
  request.headers['x-user-roles'] = claims.roles.join(',');
  next();
}

function requireRole(role) {
  return (request, response, next) => {
    if (!request.user.roles.includes(role)) return response.status(403).json({ error: 'Not yours.', code: 'FORBIDDEN' });
    next();
  };
}

function forward(request, response) {
  request.headers['x-request-id'] = crypto.randomUUID();
  proxy.web(request, response);
}

const app = express();
app.disable('x-powered-by');
app.use(strip);
app.use('/api', authenticate);
app.use('/admin', authenticate, requireRole('admin'));
app.use(forward);
const server = app.listen(Number(PORT), '127.0.0.1', 4096);
server.keepAliveTimeout = 60_000;
