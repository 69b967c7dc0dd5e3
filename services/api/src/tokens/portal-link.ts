interface PortalLink {
  /** Where the portal is. Without one, the link leads to the API reference. */
  readonly portalUrl: string | undefined;
  readonly baseUrl: string;
  readonly applicationId: string;
  readonly token: string;
}

/** A link to a portal. The token is behind the `#`, so no browser sends it to a server. */
export function portalLink({ portalUrl, baseUrl, applicationId, token }: PortalLink): string {
  const key = Buffer.from(JSON.stringify({ appId: applicationId, token })).toString('base64url');
  return `${portalUrl ?? `${baseUrl}/docs`}#key=${key}`;
}
