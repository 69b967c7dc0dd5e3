import { capabilities } from '@posthorn/core/token/capability';
import { maxPortalTokenSeconds, minPortalTokenSeconds } from '@posthorn/core/token/token';
import * as z from 'zod/mini';
import { applicationIn } from './application.ts';
import { component, described, withLimits } from './documentation.ts';
import { heldFeatureFlags, instant, text } from './fields.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, listQuery } from './paging.ts';
import { problemOut } from './problem.ts';

const sessionId = () => text({ least: 1, most: 256 });

const capabilitiesText =
  'What the token may do. `ViewBase` is always needed. Absent or null: everything that a token of an application may do.';

/** The access of a customer to its application, through a portal. */
export const appPortalAccessIn = component(
  'AppPortalAccessIn',
  z.object({
    /** The application to create if the path names one that does not exist. It is checked in any case. */
    application: z.nullish(applicationIn),
    capabilities: z.nullish(
      described(
        capabilitiesText,
        withLimits(
          { contains: { const: 'ViewBase' } },
          z
            .array(z.enum(capabilities))
            .check(
              z.refine((held) => held.includes('ViewBase'), { error: 'must contain ViewBase, which is always needed' }),
            ),
        ),
      ),
    ),
    expiry: z.nullish(
      described(
        `How long the token is valid, in seconds. Absent or null: ${maxPortalTokenSeconds} (a week).`,
        z.int().check(z.minimum(minPortalTokenSeconds), z.maximum(maxPortalTokenSeconds)),
      ),
    ),
    featureFlags: z.nullish(heldFeatureFlags('The token is also shown event types with one of these flags.')),
    readOnly: z.nullish(
      described(
        'Leaves only the capabilities that change nothing. Secrets are shown if `capabilities` say so.',
        z.boolean(),
      ),
    ),
    sessionId: z.nullish(described('The tokens of a session can be expired together.', sessionId())),
  }),
);
export type AppPortalAccessIn = z.output<typeof appPortalAccessIn>;

const appPortalAccessOut = component(
  'AppPortalAccessOut',
  z.object({
    url: described('A link to the portal, with the token behind the `#`.', z.string()),
    token: z.string(),
  }),
);

/** Which tokens of an application expire, and when. */
export const applicationTokenExpireIn = component(
  'ApplicationTokenExpireIn',
  z.object({
    expiry: z.nullish(
      described(
        'In how many seconds they expire. Absent or null: at once.',
        z.int().check(z.minimum(0), z.maximum(maxPortalTokenSeconds)),
      ),
    ),
    sessionIds: z.nullish(
      described(
        'Only the tokens of these sessions. Absent, null or empty: all.',
        z.array(sessionId()).check(z.maxLength(100)),
      ),
    ),
  }),
);
export type ApplicationTokenExpireIn = z.output<typeof applicationTokenExpireIn>;

/** A token of an application as it is listed. Nobody can use it: the token itself is not stored. */
const applicationTokenOut = component(
  'ApplicationTokenOut',
  z.object({
    id: z.string(),
    sessionId: z.nullable(z.string()),
    issuedAt: instant,
    expiresAt: described('When it ends: by itself, or because the tokens are to be expired earlier.', instant),
    revoked: described('Whether it has been ended already.', z.boolean()),
  }),
);
export type ApplicationTokenOut = z.output<typeof applicationTokenOut>;

const path = '/api/v1/auth';
const tokensPath = `${path}/app/{app_id}/token`;

export const authenticationOperations = defineOperations('tokens', {
  'v1.authentication.app-portal-access': {
    method: 'POST',
    path: `${path}/app-portal-access/{app_id}`,
    access: 'organisation',
    summary: "Get a token and a link for a customer's portal",
    body: appPortalAccessIn,
    answers: { 200: appPortalAccessOut },
    answerNames: { thing: 'token', field: 'token' },
    sealAnswer: true,
  },
  'v1.authentication.logout': {
    method: 'POST',
    path: `${path}/logout`,
    access: 'only-application',
    capability: 'ViewBase',
    summary: 'Revoke the token of this request',
    answers: { 204: null, 403: problemOut },
    answerNames: 'nothing',
  },
  'v1.authentication.list-tokens': {
    method: 'GET',
    path: tokensPath,
    access: 'organisation',
    summary: 'List the tokens of an application',
    query: z.extend(listQuery, idIterator('token')),
    answers: { 200: listOf('ApplicationTokenOut', applicationTokenOut) },
  },
  'v1.authentication.revoke-token': {
    method: 'DELETE',
    path: `${tokensPath}/{token_id}`,
    access: 'organisation',
    summary: 'Revoke a token of an application',
    answers: { 204: null },
  },
  'v1.authentication.expire-all': {
    method: 'POST',
    path: `${path}/app/{app_id}/expire-all`,
    access: 'organisation',
    summary: 'Expire the tokens of an application',
    body: applicationTokenExpireIn,
    // 400: too many such orders wait for their time.
    answers: { 204: null, 400: problemOut },
    answerNames: 'nothing',
  },
});
