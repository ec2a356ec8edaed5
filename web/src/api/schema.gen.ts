// Generated from the server's OpenAPI document by tools/openapi. Do not edit.
export interface paths {
    "/api/activity/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records what you did, for the figures about use */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Track"];
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the API keys that are not revoked */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Makes an API key and shows its secret once */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateKey"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewKey"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one API key */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
                /** @description Unchanged since If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        /** Ends an API key for good */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        /** Changes the name, end or allow-list of an API key */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["UpdateKey"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/api/api-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an API key another secret and shows it once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["RotateKey"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewKey"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists security-relevant acts, the newest first */
        get: {
            parameters: {
                query?: {
                    action?: string;
                    actor?: string;
                    cursor?: string;
                    from?: string;
                    limit?: number;
                    object?: string;
                    object_id?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-logs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one act */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Entry"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-logs/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Saves the audit log as CSV */
        get: {
            parameters: {
                query?: {
                    action?: string;
                    actor?: string;
                    from?: string;
                    object?: string;
                    object_id?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "*/*": string;
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-logs/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Walks the chain of the audit log */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Proof"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/2fa/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turns two-factor sign-in off */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProveFactor"];
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/2fa/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes new recovery codes; the old ones end */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProveFactor"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecoveryCodes"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/2fa/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a secret for an authenticator app */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SetUpFactor"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Secret"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/2fa/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turns two-factor sign-in on and shows the recovery codes once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VerifyFactor"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecoveryCodes"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/email/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mails another link to confirm your address */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/email/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms an address with a mailed link */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VerifyEmail"];
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/invitations/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an invitation to who has its link */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invited"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/invitations/{token}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Comes in: as a new person, or as who is signed in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["AcceptInvitation"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/invitations/{token}/remind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the inviter for another link, where this one ran out */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mails a sign-in code to who has the password */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LoginCode"];
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends this session, or all of them */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["Logout"];
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows who you are and what you may do */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes your own profile */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["UpdateMe"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes your password and ends your other sessions */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChangePassword"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mails a link to choose a new password, if there is such an account */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ForgotPassword"];
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets a new password with a mailed link */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ResetPassword"];
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchanges a refresh token for new tokens */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["Refresh"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a person and the workspace they own, and signs them in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Register"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists where you are signed in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoginSessionPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        /** Ends all your other sessions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of your sessions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms that it is you, for ten minutes of dangerous acts */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["StepUp"];
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves the session to another workspace */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Switch"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the people of the workspace */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                    role?: string;
                    search?: string;
                    state?: "active" | "suspended";
                    team?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MemberPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Makes an account for somebody */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateMember"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Member"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes a person's role, state and teams */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["UpdateMember"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Member"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        /** Ends a membership, not the person */
        delete: {
            parameters: {
                query?: {
                    reassign_to?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the channels */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChannelPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Connects an address after checking its credential */
        post: {
            parameters: {
                query?: {
                    skip_check?: boolean;
                };
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Connect"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Channel"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one channel */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Channel"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels/{id}/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a customer of a simulated line write */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Simulate"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Simulated"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels/simulated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a simulated line */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConnectSimulated"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Channel"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what anybody may know of this installation */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PublicConfig"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists conversations, the newest message first */
        get: {
            parameters: {
                query?: {
                    assignee?: string;
                    channel?: string[];
                    contact?: string;
                    cursor?: string;
                    limit?: number;
                    number?: number;
                    priority?: ("low" | "normal" | "high" | "urgent")[];
                    sort?: "newest" | "oldest";
                    status?: ("bot" | "queued" | "offered" | "active" | "snoozed" | "wrap_up" | "resolved" | "closed" | "open" | "unassigned" | "assigned")[];
                    team?: string[];
                    unread?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Change horizon of the read, for since */
                        "X-Cursor"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConversationPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one conversation */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Conversation"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists one page of a thread */
        get: {
            parameters: {
                query?: {
                    after?: number;
                    before?: number;
                    include?: ("notes" | "events")[];
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Change horizon of the read, for since */
                        "X-Cursor"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessagePage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Writes to the customer */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SendMessage"];
                };
            };
            responses: {
                /** @description It was there before */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Message"];
                    };
                };
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Message"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves your read marker */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["MarkRead"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Conversation"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts the inbox */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Counts"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/csp-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes reports of the content security policy */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/csp-report": unknown;
                    "application/reports+json": unknown;
                };
            };
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists who was invited */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                    state?: "open" | "accepted" | "revoked" | "expired";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvitationPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Mails somebody a link to come in */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateInvitation"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invitation"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes an invitation back */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mails another link; the one before no longer works */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invitation"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the people of the workspace; their names alone to who does not manage them */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                    role?: string;
                    search?: string;
                    state?: "active" | "suspended";
                    team?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MemberPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one person of the workspace */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Member"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        /** Ends a membership and hands over what was open */
        delete: {
            parameters: {
                query?: {
                    reassign_to?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        /** Changes a person's role, state and teams */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["UpdateMember"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Member"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/api/members/{id}/reset-2fa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the second factor of a person who lost it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/{id}/revoke-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs a person out everywhere */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a message with its attempts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessageDetail"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a failed message again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["RetryMessage"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Message"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description as OpenAPI 3.1 */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists all there is to permit */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionList"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/platform/mail/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends you a letter now and says how that went */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MailTested"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/platform/mailbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows mail that was kept because there is no mail server */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeptMessagePage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/platform/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what holds for the whole installation */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InstallationSettings"];
                    };
                };
                /** @description Unchanged since If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        /** Sets what the environment does not decide */
        put: {
            parameters: {
                query?: never;
                header?: {
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SetSettings"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InstallationSettings"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/platform/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a workspace of which you are the owner */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateTenant"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the roles, the built-in ones first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RolePage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Makes a role of what you hold yourself */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateRole"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Role"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one role */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Role"];
                    };
                };
                /** @description Unchanged since If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        /** Removes a custom role nobody has */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        /** Changes a custom role for all who have it */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["UpdateRole"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Role"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/api/settings/branding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the workspace's colours */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Branding"];
                    };
                };
                /** @description Unchanged since If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        /** Sets the workspace's colours; one that cannot be read is refused */
        put: {
            parameters: {
                query?: never;
                header?: {
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["SetBranding"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Branding"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings/branding/palette": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how colours would be read */
        get: {
            parameters: {
                query: {
                    accent: string;
                    accent_dark?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Palette"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings/navigation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what the workspace's rail says */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Navigation"];
                    };
                };
                /** @description Unchanged since If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        /** Sets what the workspace's rail says */
        put: {
            parameters: {
                query?: never;
                header?: {
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["SetNavigation"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Navigation"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings/security": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what the workspace demands of sign-in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecuritySettings"];
                    };
                };
                /** @description Unchanged since If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        /** Sets what the workspace demands of sign-in */
        put: {
            parameters: {
                query?: never;
                header?: {
                    "If-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["SetSecurity"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecuritySettings"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether this installation waits for its first operator, and how its machine is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SetupState"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Makes the first operator, with the link the program printed last */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SetUp"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description The login cookies, set or cleared */
                        "Set-Cookie"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the teams */
        get: {
            parameters: {
                query?: {
                    archived?: boolean;
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TeamPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Makes a team */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateTeam"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Team"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teams/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one team */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Team"];
                    };
                };
                /** @description Unchanged since If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        /** Archives a team no channel points at */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        /** Changes a team */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["UpdateTeam"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Team"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/api/teams/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists who is in a team */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TeamMemberPage"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Puts somebody into a team */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AddTeamMember"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        /** @description true when this was done before and is only told again */
                        "Idempotent-Replayed"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TeamMember"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teams/{id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes somebody out of a team */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        /** Makes somebody a team's manager or agent */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UpdateTeamMember"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TeamMember"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/api/teams/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an archived team back */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        /** @description Version, for If-Match and If-None-Match */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Team"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the workspace you work in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CurrentTenant"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes what the workspace is called, and where and how it speaks */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["UpdateTenant"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CurrentTenant"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/api/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts what the workspace uses this month */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Opens the socket; the credential is checked by it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ws/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a ticket for one socket */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Ticket"];
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Same as /readyz */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Same as /readyz */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says that the process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics, for this machine or the scrape token */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether the server can work, and which part fails */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Same as /readyz, without the parts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/meta": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers Meta's verification handshake */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Takes a signed webhook and answers when it is on disk */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/whatsapp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers Meta's verification handshake */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /** Takes a signed webhook and answers when it is on disk */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See the summary */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptInvitation: {
            name?: string;
            password?: string;
        };
        Actor: {
            /** Format: uuid */
            id: string | null;
            /** @enum {string} */
            kind: "user" | "system" | "api_key" | "platform";
            name: string | null;
        };
        AddTeamMember: {
            /** @enum {string} */
            role: "manager" | "agent";
            /** Format: uuid */
            user_id: string;
        };
        Appearance: {
            labels: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            palette: components["schemas"]["Palette"] | null;
        };
        Attempt: {
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            finished_at: string | null;
            n: number;
            /** @enum {string|null} */
            outcome: "sent" | "refused" | "later" | "unknown" | null;
            provider_code: string | null;
        };
        Branding: {
            accent: string | null;
            accent_dark: string | null;
            palette: components["schemas"]["Palette"] | null;
        };
        Break: {
            chain_no: number;
            /** Format: uuid */
            entry_id: string | null;
            /** @enum {string} */
            reason: "changed" | "missing" | "signature";
        };
        Capabilities: {
            kinds: string[];
            max_text: number;
            reactions: boolean;
            receipts: string[];
            templates: boolean;
            typing_in: boolean;
        };
        ChangePassword: {
            current_password: string;
            new_password: string;
        };
        Channel: {
            capabilities: components["schemas"]["Capabilities"];
            /** Format: date-time */
            created_at: string;
            credentials: components["schemas"]["CredentialView"];
            external: components["schemas"]["External"];
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "whatsapp" | "messenger" | "instagram";
            name: string;
            settings: components["schemas"]["Settings"];
            simulated: boolean;
            /** @enum {string} */
            status: "connecting" | "connected" | "degraded" | "reauth_required" | "disabled";
            status_reason: string | null;
            /** Format: uuid */
            team_id: string | null;
            /** Format: date-time */
            updated_at: string;
            webhook: components["schemas"]["Webhook"];
        };
        ChannelPage: {
            items: components["schemas"]["Channel"][];
            next_cursor: string | null;
        };
        ChannelRef: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "whatsapp" | "messenger" | "instagram";
            name: string;
        };
        Check: {
            detail: string;
            /** @enum {string} */
            name: "database" | "streams" | "storage" | "mail" | "clock";
            /** @enum {string} */
            state: "ok" | "warn" | "failed";
            value: number | null;
        };
        Connect: {
            access_token: string;
            app_secret?: string;
            /** @enum {string} */
            kind: "whatsapp";
            name: string;
            phone_number_id?: string;
            /** Format: uuid */
            team_id?: string | null;
            waba_id?: string;
        };
        ConnectSimulated: {
            /** @enum {string} */
            kind: "whatsapp";
            name: string;
        };
        ContactRef: {
            /** Format: uuid */
            id: string;
            identity: components["schemas"]["IdentityRef"];
            name: string;
        };
        Conversation: {
            assignee: components["schemas"]["Ref"] | null;
            channel: components["schemas"]["ChannelRef"];
            contact: components["schemas"]["ContactRef"];
            /** Format: date-time */
            created_at: string;
            cycle: number;
            /** Format: uuid */
            id: string;
            last_message: components["schemas"]["LastMessage"] | null;
            last_seq: number;
            number: number;
            owner: components["schemas"]["Owner"];
            /** Format: uuid */
            previous_id: string | null;
            /** @enum {string} */
            priority: "low" | "normal" | "high" | "urgent";
            /** Format: date-time */
            resolved_at: string | null;
            simulated: boolean;
            /** Format: date-time */
            snoozed_until: string | null;
            /** @enum {string} */
            status: "bot" | "queued" | "offered" | "active" | "snoozed" | "wrap_up" | "resolved" | "closed";
            subject: string | null;
            tags: components["schemas"]["Ref"][];
            team: components["schemas"]["Ref"] | null;
            unread: number;
            /** Format: date-time */
            updated_at: string;
            version: number;
            /** Format: date-time */
            waiting_since: string | null;
            /** Format: date-time */
            window_expires_at: string | null;
            wrapup: Record<string, never> | null;
        };
        ConversationPage: {
            items: components["schemas"]["Conversation"][];
            next_cursor: string | null;
        };
        Counts: {
            bot: number;
            by_team: {
                [key: string]: number;
            };
            by_view: {
                [key: string]: number;
            };
            failed: number;
            mentions: number;
            mine: number;
            open: number;
            snoozed: number;
            unassigned: number;
            unread: number;
        };
        CreateInvitation: {
            /** Format: email */
            email: string;
            /** Format: uuid */
            role_id: string;
            team_ids?: string[];
        };
        CreateKey: {
            /** Format: date-time */
            expires_at?: string | null;
            ip_allow?: string[];
            /** @enum {string} */
            kind: "server" | "read" | "bot" | "ingest" | "write";
            name: string;
            scopes?: string[];
        };
        CreateMember: {
            /** Format: email */
            email: string;
            name: string;
            password: string;
            role: string;
        };
        CreateRole: {
            name: string;
            permissions: string[];
            reveal?: ("masked" | "encrypted")[];
            scopes?: ("own" | "team" | "channel" | "all")[];
        };
        CreateTeam: {
            name: string;
            timezone?: string;
        };
        CreateTenant: {
            name: string;
        };
        CredentialView: {
            access_token: components["schemas"]["SecretView"];
            app_secret: components["schemas"]["SecretView"];
        };
        CurrentTenant: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            languages: string[];
            name: string;
            plan: string;
            slug: string;
            /** @enum {string} */
            status: "active" | "suspended" | "deleting";
            timezone: string;
        };
        Entry: {
            action: string;
            actor: components["schemas"]["Actor"];
            after: unknown;
            /** Format: date-time */
            at: string;
            before: unknown;
            chain_no: number | null;
            /** Format: uuid */
            id: string;
            ip: string;
            object: string;
            /** Format: uuid */
            object_id: string | null;
            request_id: string;
            user_agent: string;
        };
        EntryPage: {
            items: components["schemas"]["Entry"][];
            next_cursor: string | null;
        };
        Event: {
            actor: components["schemas"]["Sender"];
            data: unknown;
            /** @enum {string} */
            kind: "opened" | "assigned";
        };
        External: {
            display: string;
            ig_id?: string;
            page_id?: string;
            phone_number_id?: string;
            waba_id?: string;
        };
        FieldError: {
            code: string;
            detail: string;
            field: string;
        };
        ForgotPassword: {
            email: string;
        };
        IdentityRef: {
            /** Format: uuid */
            id: string;
            kind: string;
            username: string | null;
            value: string;
        };
        InstallationSettings: {
            base_url: string | null;
            base_url_now: string;
            fixed: string[];
            mail: components["schemas"]["MailWay"];
            /** @enum {string} */
            mode: "saas" | "whitelabel";
            signup_open: boolean;
        };
        Invitation: {
            /** Format: date-time */
            created_at: string;
            email: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            inviter: string;
            role: components["schemas"]["RoleName"] | null;
            /** @enum {string} */
            state: "open" | "accepted" | "revoked" | "expired";
            team_ids: string[];
            url: string | null;
        };
        InvitationPage: {
            items: components["schemas"]["Invitation"][];
            next_cursor: string | null;
        };
        Invited: {
            email: string;
            existing_user: boolean;
            inviter: string;
            permissions: string[];
            role: string;
            role_key: string | null;
            tenant_name: string;
        };
        KeptMessage: {
            /** Format: date-time */
            created_at: string;
            html: string;
            /** Format: uuid */
            id: string;
            subject: string;
            text: string;
            to: string;
        };
        KeptMessagePage: {
            items: components["schemas"]["KeptMessage"][];
            next_cursor: string | null;
        };
        Key: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string | null;
            /** Format: date-time */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            ip_allow: string[];
            /** @enum {string} */
            kind: "server" | "read" | "bot" | "ingest" | "write";
            /** Format: date-time */
            last_used_at: string | null;
            name: string;
            prefix: string;
            /** Format: date-time */
            previous_until: string | null;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: string[];
        };
        KeyPage: {
            items: components["schemas"]["Key"][];
            next_cursor: string | null;
        };
        LastMessage: {
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            direction: "in" | "out";
            /** Format: uuid */
            id: string;
            kind: string;
            sender: components["schemas"]["Sender"];
            seq: number;
            status: string;
            text: string | null;
        };
        Limits: {
            channels: number | null;
            conversations: number | null;
            messages_sent: number | null;
            seats: number | null;
        };
        Login: {
            device?: string;
            email: string;
            password: string;
            recovery_code?: string;
            /** Format: uuid */
            tenant_id?: string;
            totp?: string;
        };
        LoginCode: {
            email: string;
            password: string;
        };
        LoginSession: {
            /** Format: date-time */
            created_at: string;
            current: boolean;
            device: string;
            /** Format: uuid */
            id: string;
            ip: string;
            /** Format: date-time */
            last_seen_at: string;
            user_agent: string;
        };
        LoginSessionPage: {
            items: components["schemas"]["LoginSession"][];
            next_cursor: string | null;
        };
        Logout: {
            all?: boolean;
        };
        MailTested: {
            kept: boolean;
            to: string;
        };
        MailWay: {
            from: string;
            server: boolean;
        };
        MarkRead: {
            seq?: number | null;
        };
        Me: {
            appearance: components["schemas"]["Appearance"];
            membership: components["schemas"]["MyMembership"] | null;
            memberships: components["schemas"]["Membership"][];
            tenant: components["schemas"]["Tenant"] | null;
            user: components["schemas"]["User"];
        };
        Media: {
            /** Format: uuid */
            id: string;
            kind: string;
            mime: string;
            name: string | null;
            size: number | null;
            /** @enum {string} */
            state: "pending" | "ready" | "failed" | "expired";
            url: string | null;
        };
        Member: {
            email: string | null;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            joined_at: string | null;
            /** Format: date-time */
            last_seen_at: string | null;
            name: string;
            role: components["schemas"]["RoleName"] | null;
            /** @enum {string|null} */
            state: "active" | "suspended" | null;
            teams: components["schemas"]["MyTeam"][];
        };
        MemberPage: {
            items: components["schemas"]["Member"][];
            next_cursor: string | null;
        };
        Membership: {
            role: components["schemas"]["RoleName"];
            status: string;
            tenant: components["schemas"]["TenantName"];
        };
        Message: {
            /** Format: uuid */
            client_id: string | null;
            content: unknown;
            /** Format: uuid */
            conversation_id: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            deleted_at: string | null;
            /** @enum {string} */
            direction: "in" | "out" | "";
            /** Format: date-time */
            edited_at: string | null;
            error: components["schemas"]["MessageError"] | null;
            event: components["schemas"]["Event"] | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "text" | "image" | "video" | "audio" | "voice" | "document" | "sticker" | "location" | "contacts" | "interactive" | "template" | "order" | "story" | "system" | "unsupported" | "event";
            media: components["schemas"]["Media"][];
            /** Format: date-time */
            provider_at: string | null;
            provider_id: string | null;
            raw_type: string | null;
            reactions: components["schemas"]["Reaction"][];
            reply_to: components["schemas"]["Quote"] | null;
            sender: components["schemas"]["Sender"];
            seq: number;
            /** @enum {string} */
            status: "received" | "queued" | "sent" | "delivered" | "read" | "failed" | "unknown" | "";
            status_at: components["schemas"]["StatusAt"];
            text: string | null;
            version: number;
        };
        MessageDetail: {
            attempts: components["schemas"]["Attempt"][];
            /** Format: uuid */
            client_id: string | null;
            content: unknown;
            /** Format: uuid */
            conversation_id: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            deleted_at: string | null;
            /** @enum {string} */
            direction: "in" | "out" | "";
            /** Format: date-time */
            edited_at: string | null;
            error: components["schemas"]["MessageError"] | null;
            event: components["schemas"]["Event"] | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "text" | "image" | "video" | "audio" | "voice" | "document" | "sticker" | "location" | "contacts" | "interactive" | "template" | "order" | "story" | "system" | "unsupported" | "event";
            media: components["schemas"]["Media"][];
            /** Format: date-time */
            provider_at: string | null;
            provider_id: string | null;
            raw_type: string | null;
            reactions: components["schemas"]["Reaction"][];
            reply_to: components["schemas"]["Quote"] | null;
            sender: components["schemas"]["Sender"];
            seq: number;
            /** @enum {string} */
            status: "received" | "queued" | "sent" | "delivered" | "read" | "failed" | "unknown" | "";
            status_at: components["schemas"]["StatusAt"];
            text: string | null;
            version: number;
        };
        MessageError: {
            code: string;
            detail: string;
            retryable: boolean;
            title: string;
        };
        MessagePage: {
            has_after: boolean;
            has_before: boolean;
            items: components["schemas"]["Message"][];
            next_cursor: string | null;
        };
        MetaConfig: {
            app_id: string | null;
            config_id: string | null;
        };
        MyMembership: {
            permissions: string[];
            reveal: string[];
            role: components["schemas"]["RoleName"];
            scopes: string[];
            teams: components["schemas"]["MyTeam"][];
        };
        MyTeam: {
            /** Format: uuid */
            id: string;
            name: string;
            role: string;
        };
        Navigation: {
            labels: components["schemas"]["NavigationLabel"][];
        };
        NavigationLabel: {
            /** @enum {string} */
            item: "inbox" | "team" | "settings";
            label: string;
            /** @enum {string} */
            language: "en" | "sw" | "fr" | "ar";
        };
        NewKey: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string | null;
            /** Format: date-time */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            ip_allow: string[];
            /** @enum {string} */
            kind: "server" | "read" | "bot" | "ingest" | "write";
            /** Format: date-time */
            last_used_at: string | null;
            name: string;
            prefix: string;
            /** Format: date-time */
            previous_until: string | null;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: string[];
            secret: string;
        };
        Owner: {
            epoch: number;
            /** @enum {string} */
            kind: "bot" | "queue" | "human" | "none";
        };
        Palette: {
            dark: components["schemas"]["Shade"];
            light: components["schemas"]["Shade"];
        };
        Period: {
            /** Format: date-time */
            from: string;
            timezone: string;
            /** Format: date-time */
            to: string;
        };
        Permission: {
            description: string;
            held: boolean;
            name: string;
            scoped: boolean;
        };
        PermissionList: {
            items: components["schemas"]["Permission"][];
        };
        Problem: {
            /** @enum {string} */
            code: "already_exists" | "bad_cursor" | "bad_parameter" | "bad_signature" | "channel_taken" | "client_id_reused" | "contact_blocked" | "csrf_failed" | "expired" | "idempotency_in_progress" | "idempotency_mismatch" | "in_use" | "internal" | "invalid_credentials" | "invalid_transition" | "ip_denied" | "last_owner" | "malformed_json" | "method_not_allowed" | "mfa_setup_required" | "newer_messages" | "not_found" | "opted_out" | "origin_denied" | "password_change_required" | "permission_denied" | "plan_limit" | "provider_error" | "rate_limited" | "session_revoked" | "signup_closed" | "stale_owner" | "step_up_required" | "template_invalid" | "tenant_suspended" | "token_expired" | "too_large" | "too_many_attempts" | "totp_invalid" | "totp_required" | "unauthenticated" | "unavailable" | "unknown_field" | "unsupported_by_channel" | "unsupported_media_type" | "validation_failed" | "version_conflict" | "window_closed" | "wrapup_required";
            detail: string;
            errors?: components["schemas"]["FieldError"][];
            request_id: string;
            status: number;
            title: string;
            type: string;
        };
        Proof: {
            broken: components["schemas"]["Break"] | null;
            /** Format: date-time */
            checked_at: string;
            entries: number;
            signed: components["schemas"]["SignedHead"] | null;
            /** @enum {string} */
            state: "whole" | "broken";
            waiting: number;
        };
        ProveFactor: {
            code: string;
            password: string;
        };
        PublicConfig: {
            branding: Record<string, never> | null;
            meta: components["schemas"]["MetaConfig"];
            /** @enum {string} */
            mode: "saas" | "whitelabel";
            name: string;
            setup_needed: boolean;
            signup_enabled: boolean;
            simulator_enabled: boolean;
            vapid_public_key: string | null;
            version: string;
        };
        Quote: {
            /** Format: uuid */
            id: string;
            kind: string;
            sender: components["schemas"]["Sender"];
            seq: number;
            text: string | null;
        };
        Reaction: {
            /** Format: date-time */
            at: string;
            emoji: string;
            sender: components["schemas"]["Sender"];
        };
        RecoveryCodes: {
            recovery_codes: string[];
        };
        Ref: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        Refresh: {
            refresh_token?: string;
        };
        Register: {
            /** Format: email */
            email: string;
            name: string;
            password: string;
            tenant_name: string;
        };
        Report: {
            /** Format: date-time */
            as_of: string;
            limits: components["schemas"]["Limits"];
            period: components["schemas"]["Period"];
            plan: string;
            used: components["schemas"]["Used"];
        };
        ResetPassword: {
            new_password: string;
            token: string;
            totp?: string;
        };
        RetryMessage: {
            force?: boolean;
        };
        Role: {
            builtin: boolean;
            /** Format: uuid */
            id: string;
            key: string | null;
            member_count: number;
            name: string;
            permissions: string[];
            reveal: string[];
            scopes: string[];
            version: number;
        };
        RoleName: {
            /** Format: uuid */
            id: string;
            key: string | null;
            name: string;
        };
        RolePage: {
            items: components["schemas"]["Role"][];
            next_cursor: string | null;
        };
        RotateKey: {
            overlap_hours?: number;
        };
        Secret: {
            otpauth_url: string;
            secret: string;
        };
        SecretView: {
            /** Format: date-time */
            expires_at: string | null;
            last4: string | null;
            set: boolean;
        };
        SecuritySettings: {
            email_codes: boolean;
            new_device_codes: boolean;
            password_max_age_days: number;
            require_2fa: boolean;
        };
        Sender: {
            /** Format: uuid */
            id: string | null;
            /** @enum {string} */
            kind: "contact" | "user" | "bot" | "system";
            name: string;
        };
        SendMessage: {
            /** Format: uuid */
            client_id: string;
            expected_owner_epoch?: number | null;
            if_last_seq?: number | null;
            /** @enum {string} */
            kind: "text";
            /** Format: uuid */
            reply_to?: string | null;
            text: string;
        };
        Session: {
            access_token: string;
            expires_in: number;
            memberships: components["schemas"]["Membership"][];
            mfa_setup_required: boolean;
            refresh_token: string;
            tenant: components["schemas"]["Tenant"] | null;
            token_type: string;
            user: components["schemas"]["User"];
        };
        SetBranding: {
            accent?: string | null;
            accent_dark?: string | null;
        };
        SetNavigation: {
            labels?: components["schemas"]["NavigationLabel"][];
        };
        SetSecurity: {
            email_codes?: boolean;
            new_device_codes?: boolean;
            password_max_age_days?: number;
            require_2fa?: boolean;
        };
        SetSettings: {
            base_url?: string | null;
            /** @enum {string} */
            mode: "saas" | "whitelabel";
            signup_open?: boolean;
        };
        Settings: {
            /** @enum {string} */
            media_mode: "store";
            reopen_hours: number;
        };
        SetUp: {
            base_url?: string | null;
            /** Format: email */
            email: string;
            /** @enum {string} */
            mode: "saas" | "whitelabel";
            name: string;
            password: string;
            token: string;
        };
        SetUpFactor: {
            password: string;
        };
        SetupSettings: {
            base_url: string;
            fixed: string[];
            mail: boolean;
            /** @enum {string} */
            mode: "saas" | "whitelabel";
        };
        SetupState: {
            checks: components["schemas"]["Check"][];
            needed: boolean;
            settings: components["schemas"]["SetupSettings"] | null;
        };
        Shade: {
            accent: string;
            accent_soft: string;
            nearest: string;
            on_accent: string;
            passes: boolean;
            ratio: number;
        };
        SignedHead: {
            chain_no: number;
            hash: string;
            /** Format: date-time */
            signed_at: string;
        };
        Simulate: {
            /** Format: date-time */
            at?: string | null;
            faults?: ("duplicate" | "bad_signature" | "tampered" | "drop" | "reorder" | "delay")[];
            from?: components["schemas"]["SimulatedUser"];
            /** @enum {string} */
            kind: "text" | "image" | "reaction";
            target?: string;
            text?: string;
        };
        Simulated: {
            deliveries: number[];
            provider_id: string;
        };
        SimulatedUser: {
            id: string;
            name: string;
        };
        StatusAt: {
            /** Format: date-time */
            delivered: string | null;
            /** Format: date-time */
            failed: string | null;
            /** Format: date-time */
            played: string | null;
            /** Format: date-time */
            read: string | null;
            /** Format: date-time */
            sent: string | null;
        };
        StepUp: {
            password?: string;
            totp?: string;
        };
        Switch: {
            /** Format: uuid */
            tenant_id: string;
        };
        Team: {
            /** Format: date-time */
            archived_at: string | null;
            channel_ids: string[];
            /** Format: date-time */
            created_at: string;
            everyone: boolean;
            /** Format: uuid */
            id: string;
            member_count: number;
            name: string;
            timezone: string;
            version: number;
        };
        TeamMember: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            role: "manager" | "agent";
        };
        TeamMemberPage: {
            items: components["schemas"]["TeamMember"][];
            next_cursor: string | null;
        };
        TeamPage: {
            items: components["schemas"]["Team"][];
            next_cursor: string | null;
        };
        Tenant: {
            /** Format: uuid */
            id: string;
            name: string;
            plan: string;
            slug: string;
            status: string;
        };
        TenantName: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
        };
        Ticket: {
            expires_in: number;
            ticket: string;
        };
        Track: {
            duration?: number;
            meta?: {
                [key: string]: unknown;
            };
            path?: string;
            /** @enum {string} */
            type: "LOGIN" | "LOGOUT" | "PAGE_VIEW" | "CHAT_MESSAGE" | "CHAT_SESSION_START" | "CHAT_SESSION_END" | "DASHBOARD_VIEW" | "LOG_SEARCH" | "LOG_VIEW" | "EXPORT" | "SETTINGS_CHANGE";
        };
        UpdateKey: {
            /** Format: date-time */
            expires_at?: string | null;
            ip_allow?: string[] | null;
            name?: string | null;
        };
        UpdateMe: {
            locale?: string | null;
            name?: string | null;
            preferences?: unknown;
            timezone?: string | null;
        };
        UpdateMember: {
            /** Format: uuid */
            reassign_to?: string | null;
            /** Format: uuid */
            role_id?: string | null;
            /** @enum {string|null} */
            state?: "active" | "suspended" | null;
            team_ids?: string[] | null;
        };
        UpdateRole: {
            name?: string | null;
            permissions?: string[] | null;
            reveal?: ("masked" | "encrypted")[] | null;
            scopes?: ("own" | "team" | "channel" | "all")[] | null;
        };
        UpdateTeam: {
            name?: string | null;
            timezone?: string | null;
        };
        UpdateTeamMember: {
            /** @enum {string} */
            role: "manager" | "agent";
        };
        UpdateTenant: {
            languages?: string[] | null;
            name?: string | null;
            slug?: string | null;
            timezone?: string | null;
        };
        Used: {
            active_users: number;
            api_keys: number;
            channels: number;
            conversations: number;
            invitations: number;
            messages_received: number;
            messages_sent: number;
            seats: number;
        };
        User: {
            avatar_url: string | null;
            /** Format: date-time */
            created_at: string;
            email: string;
            email_verified: boolean;
            /** Format: uuid */
            id: string;
            locale: string;
            name: string;
            platform_role: string | null;
            preferences: unknown;
            timezone: string;
            totp_enabled: boolean;
        };
        VerifyEmail: {
            token: string;
        };
        VerifyFactor: {
            code: string;
        };
        Webhook: {
            /** Format: date-time */
            last_seen_at: string | null;
            own_app: boolean;
            url: string;
        };
    };
    responses: {
        /** @description What went wrong, by code */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
