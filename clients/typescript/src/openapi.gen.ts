// Made by `npm run client:types` from the documents of the running application.

export interface paths {
    "/api/v1/admin/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far the readers of facts have come, and what they had to leave behind
         * @description Needs the role admin.
         */
        get: operations["outbox_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/outbox/parked/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a parked stream to its handler again, from the fact that failed
         * @description Needs the role admin.
         */
        post: operations["outbox_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/sagas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Checkouts, cancellations and other long-running work, newest first
         * @description Needs the role admin.
         */
        get: operations["sagas_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/sagas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of them with its steps
         * @description Needs the role admin.
         */
        get: operations["sagas_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/sagas/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with one that is stuck, or that waits for its next attempt
         * @description Needs the role admin.
         */
        post: operations["sagas_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/house": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who sells here: name, look, links
         * @description Open to everybody.
         */
        get: operations["house_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/house/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read imprint, privacy notice and terms
         * @description Open to everybody.
         */
        get: operations["house_texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/house/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the logo
         * @description Open to everybody.
         */
        get: operations["house_logo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/house": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read all settings of the house
         * @description Needs the role admin.
         */
        get: operations["adminHouse_read"];
        /**
         * Replace the settings of the house, but for its logo
         * @description Needs the role admin.
         */
        put: operations["adminHouse_replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/house/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the logo
         * @description Needs the role admin.
         */
        put: operations["adminHouse_setLogo"];
        post?: never;
        /**
         * Remove the logo
         * @description Needs the role admin.
         */
        delete: operations["adminHouse_removeLogo"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a picture that was uploaded; it never changes
         * @description Open to everybody.
         */
        get: operations["images_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account and log in
         * @description Open to everybody.
         */
        post: operations["auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description An account with a second factor is answered 401 `second_factor_required` with a `challenge`, which the second step sends back with a code.
         *
         *     Open to everybody.
         */
        post: operations["auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish a login with a code of the second factor
         * @description Open to everybody.
         */
        post: operations["auth_secondStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trade a refresh token for new tokens
         * @description Each works once. One that is used a second time ends its session for everybody.
         *
         *     Open to everybody.
         */
        post: operations["auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this session at once
         * @description Needs a login.
         */
        post: operations["auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all sessions of this account at once
         * @description Needs a login.
         */
        post: operations["auth_logoutAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a mail to choose a new password
         * @description The answer is the same whether or not there is such an account.
         *
         *     Open to everybody.
         */
        post: operations["auth_forgot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password with the token of the mail; ends all sessions
         * @description Open to everybody.
         */
        post: operations["auth_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the email address with the token of the mail
         * @description Open to everybody.
         */
        post: operations["auth_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another mail to confirm the email address
         * @description Needs a login.
         */
        post: operations["auth_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The account that is logged in
         * @description Needs a login.
         */
        get: operations["me_me"];
        put?: never;
        post?: never;
        /**
         * Delete the account: personal data is erased, all sessions end
         * @description Needs a login.
         */
        delete: operations["me_remove"];
        options?: never;
        head?: never;
        /**
         * Change name, language or email address; a new address has to be verified
         * @description Needs a login.
         */
        patch: operations["me_edit"];
        trace?: never;
    };
    "/api/v1/auth/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password; ends all other sessions
         * @description Needs a login.
         */
        post: operations["me_changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything kept about this account, as JSON
         * @description Needs a login.
         */
        get: operations["me_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove again who you are
         * @description What moves money, makes keys or changes members wants a proof of the last 15 minutes (`x-step-up`), else it answers 403 `step_up_required`. A passkey is always enough; else an account with a second factor shows its code, one without its password.
         *
         *     Needs a login.
         */
        post: operations["security_stepUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/security": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How this account is protected
         * @description Needs a login.
         */
        get: operations["security_standing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where this account is logged in
         * @description Needs a login.
         */
        get: operations["security_all"];
        put?: never;
        post?: never;
        /**
         * End all other sessions of this account at once
         * @description Needs a login.
         */
        delete: operations["security_endOthers"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one session of this account at once
         * @description Needs a login.
         */
        delete: operations["security_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Turn the second factor on with a code of the authenticator app
         * @description This session counts as one with two factors from then on; the access token of the answer says so.
         *
         *     Needs a login.
         */
        put: operations["security_confirm"];
        /**
         * Begin a second factor
         * @description The secret counts once the authenticator app has shown a right code; see PUT.
         *
         *     Needs a login.
         */
        post: operations["security_begin"];
        /**
         * Turn the second factor off
         * @description Needs a login.
         */
        delete: operations["security_off"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make other recovery codes; those of before are void
         * @description Needs a login.
         */
        post: operations["security_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a login with a passkey
         * @description Nobody has to say who they are: the browser shows the passkeys that it has for this shop.
         *
         *     Open to everybody.
         */
        post: operations["passkeys_beginLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in with a passkey
         * @description It counts as two factors, so that no code is asked for.
         *
         *     Open to everybody.
         */
        post: operations["passkeys_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a proof with a passkey, for `POST /auth/step-up`
         * @description Needs a login.
         */
        post: operations["passkeys_beginProof"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Passkeys of this account
         * @description Needs a login.
         */
        get: operations["passkeys_list"];
        put?: never;
        /**
         * Keep the passkey that the browser has made
         * @description Needs a login.
         */
        post: operations["passkeys_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a new passkey
         * @description Needs a login.
         */
        post: operations["passkeys_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey; nobody logs in with it any more
         * @description Needs a login.
         */
        delete: operations["passkeys_remove"];
        options?: never;
        head?: never;
        /**
         * Give a passkey another name
         * @description Needs a login.
         */
        patch: operations["passkeys_rename"];
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accounts, newest first
         * @description Needs the role admin.
         */
        get: operations["users_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An account with its open logins and what was paid; a look is recorded
         * @description Needs the role admin.
         */
        get: operations["people_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Give an account a role; ends its sessions at once
         * @description Needs the role admin.
         */
        patch: operations["users_assign"];
        trace?: never;
    };
    "/api/v1/admin/users/{id}/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lock an account: logins are refused, and its sessions end at once on every replica
         * @description Bookings, tickets and events of the account stay as they are.
         *
         *     Needs the role admin.
         */
        post: operations["users_lock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlock an account; its person may log in again
         * @description Needs the role admin.
         */
        post: operations["users_unlock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Turn off the second factor of an account whose person has lost it
         * @description Make sure that it is the person who asks. They get a mail, and all their sessions end.
         *
         *     Needs the role admin.
         */
        delete: operations["users_lost"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/identity-providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Other providers with which one can log in here
         * @description Open to everybody.
         */
        get: operations["identities_open"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a login with another provider
         * @description Sets a cookie that binds the login to this browser, which then goes to `url`. The provider sends it to the callback, and that to a page of the app with a code for `POST /auth/login/identity/finish`.
         *
         *     Open to everybody.
         */
        post: operations["identities_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/identity/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish a login with another provider
         * @description By the browser that began it. An account with a second factor is asked for it, as after `POST /auth/login`, unless the provider says that two factors were shown.
         *
         *     Open to everybody.
         */
        post: operations["identities_finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Other providers that are linked to this account
         * @description Needs a login.
         */
        get: operations["identities_list"];
        put?: never;
        /**
         * Begin to link another provider to this account, whose address must be verified
         * @description Needs a login.
         */
        post: operations["identities_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/identities/{identity}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a link to another provider
         * @description Needs a login.
         */
        delete: operations["identities_unlink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to prove again who you are, at a linked provider
         * @description For accounts without a second factor of their own. The provider has to ask for a login.
         *
         *     Needs a login.
         */
        post: operations["identities_stepUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/identity-providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Other providers of the whole installation, with which people log in
         * @description Needs the role admin.
         */
        get: operations["adminIdentityProviders_list"];
        put?: never;
        /**
         * Let people log in with another provider (OpenID Connect)
         * @description The answer holds the `redirectUri` that has to be allowed there. The provider is believed about which addresses are verified.
         *
         *     Needs the role admin.
         */
        post: operations["adminIdentityProviders_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/identity-providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a provider of the whole installation
         * @description Links of people to it are gone; they log in by a password, which they can set by a mail.
         *
         *     Needs the role admin.
         */
        delete: operations["adminIdentityProviders_remove"];
        options?: never;
        head?: never;
        /**
         * Change a provider of the whole installation, or switch it off and on
         * @description Needs the role admin.
         */
        patch: operations["adminIdentityProviders_update"];
        trace?: never;
    };
    "/api/v1/admin/identity-providers/{id}/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a provider what it says about itself (discovery)
         * @description Needs the role admin.
         */
        post: operations["adminIdentityProviders_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/identity-providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Other providers of the organisation, with which people log in
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        get: operations["organisationIdentityProviders_list"];
        put?: never;
        /**
         * Let people log in with another provider (OpenID Connect)
         * @description The answer holds the `redirectUri` that has to be allowed there. Whom this provider names is believed here to be the owner of an address only after a mail.
         *
         *     Needs the permission `members` in an organisation, as a member or with a key.
         */
        post: operations["organisationIdentityProviders_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/identity-providers/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a provider of the organisation
         * @description Links of people to it are gone; they log in by a password, which they can set by a mail.
         *
         *     Needs the permission `members` in an organisation, as a member or with a key.
         */
        delete: operations["organisationIdentityProviders_remove"];
        options?: never;
        head?: never;
        /**
         * Change a provider of the organisation, or switch it off and on
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        patch: operations["organisationIdentityProviders_update"];
        trace?: never;
    };
    "/api/v1/organisations/{id}/identity-providers/{provider}/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a provider what it says about itself (discovery)
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        post: operations["organisationIdentityProviders_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Organisations that you belong to, and what you may do there
         * @description Needs a login.
         */
        get: operations["organisations_mine"];
        put?: never;
        /**
         * Found one more organisation, of which you are the owner
         * @description Needs a login.
         */
        post: operations["organisations_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an organisation of yours
         * @description Needs a login.
         */
        get: operations["organisations_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change name, address or website of an organisation of yours
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        patch: operations["organisations_edit"];
        trace?: never;
    };
    "/api/v1/organisations/{id}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave an organisation; its last owner cannot
         * @description Needs a login.
         */
        post: operations["organisations_leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/ownership/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become an owner, as another owner has offered
         * @description Needs a login.
         */
        post: operations["organisations_acceptOwnership"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Members, owners first
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        get: operations["members_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/members/{member}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what a member may do
         * @description Nobody gives what they do not have. An owner is no owner from then on, unless it is the last one.
         *
         *     Needs the permission `members` in an organisation, as a member or with a key.
         */
        put: operations["members_change"];
        post?: never;
        /**
         * Remove a member; the last owner stays
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        delete: operations["members_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/ownership": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Offer a member to become an owner; it is one when it accepts, within a week
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        post: operations["members_offerOwnership"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Invitations that are neither accepted nor withdrawn, newest first
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        get: operations["members_invited"];
        put?: never;
        /**
         * Invite somebody by mail
         * @description The link works once, within a week. Inviting the same address again ends the earlier link.
         *
         *     Needs the permission `members` in an organisation, as a member or with a key.
         */
        post: operations["members_invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/invitations/{invitation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw an invitation
         * @description Needs the permission `members` in an organisation, as a member or with a key.
         */
        delete: operations["members_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the link of an invitation is about
         * @description Open to everybody.
         */
        post: operations["invitations_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation with the account that is logged in
         * @description Needs a login.
         */
        post: operations["invitations_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keys of machines that act for the organisation, newest first; ended ones for a month
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        get: operations["keys_list"];
        put?: never;
        /**
         * Make a key for a machine
         * @description The key is in this answer only. It is sent as a bearer token, opens the routes of its permissions and nothing that is for people, has rate limits and idempotency keys of its own, and never stands in an address.
         *
         *     Needs the permission `settings` in an organisation, as a member or with a key.
         */
        post: operations["keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/keys/{key}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make another key with the same rights; the old one ends after the overlap
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        post: operations["keys_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a key
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        delete: operations["keys_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/house": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an organisation as buyers see it: name, look, links
         * @description What it has not itself is that of the house. There is none before it has settings of its own or has published an event.
         *
         *     Open to everybody.
         */
        get: operations["organisationHouse_shown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/house/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read imprint, privacy notice and terms of an organisation, or those of the house
         * @description Open to everybody.
         */
        get: operations["organisationHouse_texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/house/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the logo of an organisation
         * @description Open to everybody.
         */
        get: operations["organisationHouse_logo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/house/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what an organisation of yours has of its own
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        get: operations["organisationHouse_settings"];
        /**
         * Replace what an organisation of yours has of its own, but for its logo
         * @description What is left out is that of the house. Before the first change the version is 0.
         *
         *     Needs the permission `settings` in an organisation, as a member or with a key.
         */
        put: operations["organisationHouse_replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/house/settings/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the logo of an organisation of yours
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        put: operations["organisationHouse_setLogo"];
        post?: never;
        /**
         * Remove the logo of an organisation of yours; that of the house is shown if the name is, too
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        delete: operations["organisationHouse_removeLogo"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List venues by name
         * @description Open to everybody.
         */
        get: operations["venues_list"];
        put?: never;
        /**
         * Create a venue
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["venues_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a venue
         * @description Open to everybody.
         */
        get: operations["venues_find"];
        put?: never;
        post?: never;
        /**
         * Delete a venue of yours that has no events, with its plans
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        delete: operations["venues_delete"];
        options?: never;
        head?: never;
        /**
         * Change a venue of yours
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        patch: operations["venues_update"];
        trace?: never;
    };
    "/api/v1/venues/{id}/seating-plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the seating plans of a venue, newest first
         * @description Open to everybody.
         */
        get: operations["plans_list"];
        put?: never;
        /**
         * Import a seating plan into a venue of yours
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["plans_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues/{id}/seating-plans/{planId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a seating plan exactly as it was imported
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        get: operations["plans_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List and search events
         * @description Open to everybody.
         */
        get: operations["eventLists_list"];
        put?: never;
        /**
         * Create an event as a draft
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["events_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/upcoming": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events that have not begun, soonest first
         * @description Open to everybody.
         */
        get: operations["eventLists_upcoming"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/popular": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events to come that have sold the largest share of their places
         * @description Open to everybody.
         */
        get: operations["eventLists_popular"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the categories of events to come
         * @description Open to everybody.
         */
        get: operations["eventLists_categories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/cities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the cities of events to come
         * @description Open to everybody.
         */
        get: operations["eventLists_cities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an event; drafts are for their organizer only
         * @description Open to everybody.
         */
        get: operations["events_find"];
        put?: never;
        post?: never;
        /**
         * Delete a draft of yours
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        delete: operations["events_delete"];
        options?: never;
        head?: never;
        /**
         * Change an event of yours
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        patch: operations["events_edit"];
        trace?: never;
    };
    "/api/v1/events/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause the sale of an event of yours; what is held already can still be paid
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["events_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a paused sale of yours go on
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["events_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/price-tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the price tiers of an event
         * @description Open to everybody.
         */
        get: operations["events_priceTiers"];
        /**
         * Replace all price tiers of an event of yours
         * @description Needs the permission `prices` in an organisation, as a member or with a key.
         */
        put: operations["events_setPriceTiers"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Upload the picture of an event of yours
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        put: operations["eventImages_set"];
        post?: never;
        /**
         * Remove the uploaded picture of an event of yours
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        delete: operations["eventImages_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/buyer-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a session with which a customer of yours buys in the browser, without an account here
         * @description The token opens this event, and the bookings that the customer makes for it, to pages of the origin; it ends with the key. The same reference is the same buyer, to whom the limits of the event apply.
         *
         *     Needs a key with the permission `sell`.
         */
        post: operations["buyerSessions_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/buyer-sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a buyer session before its time
         * @description Needs a key with the permission `sell`.
         */
        delete: operations["buyerSessions_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customers of your shop, newest first
         * @description Needs the permission `people` in an organisation, as a member or with a key.
         */
        get: operations["customers_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything kept about a customer of yours, for when they ask; a look is recorded
         * @description Needs the permission `people` in an organisation, as a member or with a key.
         */
        get: operations["customers_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase a customer of yours: personal data is gone, sessions end
         * @description Bookings and tickets stay, without a name. The same reference is somebody new afterwards.
         *
         *     Needs the permission `people` in an organisation, as a member or with a key.
         */
        delete: operations["customers_erase"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a draft of yours on sale; its plan is fixed from then on
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["publishing_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/seats/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take free seats out of the sale, all of them or none
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["publishing_block"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/seats/unblock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring blocked seats back into the sale
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["publishing_unblock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/seat-map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Geometry and categories of the seats; never changes once the event is published
         * @description Open to everybody.
         */
        get: operations["seats_map"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/seats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * State of all seats now
         * @description At most 250 ms and one query behind changes made through other replicas. With `Accept: application/octet-stream` only the bytes of `states`; `Seat-Epoch`, `Seat-Seq` and `Seat-Count` are then headers.
         *
         *     Open to everybody.
         */
        get: operations["seats_states"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/seats/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes after `since`; 410 when the state has to be read again
         * @description Open to everybody.
         */
        get: operations["seats_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/seats/{label}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * History of one seat of an event of yours, newest first
         * @description Needs the permission `people` in an organisation, as a member or with a key.
         */
        get: operations["seats_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold seats, places or the best seats left, all of them or none
         * @description The hold is a booking that ends at `expiresAt` unless it is paid, released or extended before.
         *
         *     Needs a login or a buyer session.
         */
        post: operations["holds_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your bookings, newest first
         * @description Needs a login or a buyer session.
         */
        get: operations["bookings_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a booking of yours, or of an event of yours
         * @description Needs a login or a buyer session.
         */
        get: operations["bookings_read"];
        put?: never;
        post?: never;
        /**
         * Release a hold: its seats and places are free again
         * @description Needs a login or a buyer session.
         */
        delete: operations["bookings_release"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend a hold by the hold time of its event, once
         * @description Needs a login or a buyer session.
         */
        post: operations["bookings_extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/sandbox/{ref}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or refuse a sandbox payment that needs a second step; in production for sandbox events only
         * @description Its address comes as `nextAction.url`. Read the booking afterwards.
         *
         *     Open to everybody.
         */
        post: operations["sandbox_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your payments with their refunds, newest first
         * @description Needs a login.
         */
        get: operations["payments_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/method": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how a checkout is paid here
         * @description Open to everybody.
         */
        get: operations["payments_method"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tickets you hold, bought or got from others, newest first
         * @description Needs a login.
         */
        get: operations["tickets_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public keys of tickets, for checking them without a connection
         * @description How a token is read: docs/TICKETS.md.
         *
         *     Open to everybody.
         */
        get: operations["tickets_published"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a ticket you hold or bought
         * @description Needs a login or a buyer session.
         */
        get: operations["tickets_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/qr.png": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * QR code of a ticket you hold
         * @description Needs a login or a buyer session.
         */
        get: operations["tickets_png"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/qr.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * QR code of a ticket you hold, scalable
         * @description Needs a login or a buyer session.
         */
        get: operations["tickets_svg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/ticket.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A ticket you hold, to print; in the language of `Accept-Language`
         * @description Needs a login or a buyer session.
         */
        get: operations["tickets_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/event.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The event of a ticket you hold or bought as a calendar entry
         * @description Needs a login or a buyer session.
         */
        get: operations["tickets_calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tickets of a booking of yours
         * @description Needs a login or a buyer session.
         */
        get: operations["bookingTickets_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/tickets.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All good tickets of a booking of yours, to print; a page each
         * @description Needs a login or a buyer session.
         */
        get: operations["bookingTickets_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/tickets.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The event as a calendar entry; each is newer than those before, and cancels them when nothing is left
         * @description Needs a login or a buyer session.
         */
        get: operations["bookingTickets_calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/check-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many are in, by gate
         * @description Needs the permission `door` in an organisation, as a member or with a key.
         */
        get: operations["checkIn_attendance"];
        put?: never;
        /**
         * Let the holder of a ticket in; of many scans the first one wins
         * @description A second scan is 409 `already_checked_in` and says when and where the first one was, and whose ticket it is. A scan whose answer was lost is repeated with its `Idempotency-Key`: it gets that answer.
         *
         *     Needs the permission `door` in an organisation, as a member or with a key.
         */
        post: operations["checkIn_enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/check-in/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a scan back
         * @description Needs the permission `door` in an organisation, as a member or with a key.
         */
        post: operations["checkIn_leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Offer a ticket of yours to somebody by email
         * @description They accept it with an account whose address is confirmed. Until then the ticket is yours and good; after it only their new code is.
         *
         *     Needs a login.
         */
        post: operations["transfers_offer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ticket-transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tickets offered to you, and those you offer
         * @description Needs a login.
         */
        get: operations["transfers_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ticket-transfers/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept a ticket that is offered to you
         * @description Needs a login.
         */
        post: operations["transfers_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ticket-transfers/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline a ticket that is offered to you
         * @description Needs a login.
         */
        post: operations["transfers_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ticket-transfers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw an offer of yours that was not accepted yet
         * @description Needs a login.
         */
        delete: operations["transfers_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/payments/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare the provider's books with ours now
         * @description Happens every few minutes by itself. Differences with one right answer are repaired, the others are listed.
         *
         *     Needs the role admin.
         */
        post: operations["discrepancies_compare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/payments/discrepancies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List differences between the payment provider's books and ours, newest first
         * @description Needs the role admin.
         */
        get: operations["discrepancies_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/payments/discrepancies/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a difference that was settled by hand
         * @description Needs the role admin.
         */
        post: operations["discrepancies_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/webhooks/stripe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Where Stripe sends its events; 404 while Stripe is not in use
         * @description Signed by Stripe. Each event is kept once; what became of the payment is then asked of Stripe itself, so events may come late, twice and in any order.
         *
         *     Open to everybody.
         */
        post: operations["webhooks_stripe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay a hold of yours
         * @description With 202 the payment is under way: do what `nextAction` says, if it is there, and read the booking until its status changes. A declined payment (402 `payment_declined`) leaves the hold for another try, three in all. If the bank sets the money aside and then does not pay it (402 `payment_not_collected`), the booking has ended and its seats are free. Beginning anew gives up a second step that waits for the buyer; where the bank agrees at that very moment, the answer is the confirmed booking, and only that charge is made.
         *
         *     Cards of the sandbox:
         *     - `4242424242424242` succeeds
         *     - `4000000000000002` is declined
         *     - `4000000000009995` is declined for lack of money
         *     - `4000002500003155` needs a second step: a POST to `nextAction.url`
         *     - `4000000000000408` times out: no answer, and no charge
         *     - `4000000000000416` times out, but is charged: the answer comes too late
         *     - `4000000000000226` succeeds, and every news of it is told twice, the first time before the answer
         *     - `4000000000000515` succeeds after two failed calls
         *     - `4000000000000507` succeeds, but its refund is refused
         *     - `4000000000000523` succeeds; its refund times out, though it is made
         *     - `4000000000000606` is authorized, but the money cannot be captured
         *     - `4000000000000614` is authorized; capturing times out, though it is done
         *     - any other number is declined
         *
         *     Needs a login or a buyer session.
         */
        post: operations["checkout_checkout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/refund-quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Refund that cancelling a booking or some of its items would give now
         * @description By the better of two policies of the event: that of today, and that of the time when the booking was made.
         *
         *     Needs a login or a buyer session.
         */
        get: operations["cancellation_quote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a booking or some of its items, before the event starts
         * @description The money goes back first, as much as `refund-quote` says; with 202 a refund is still under way and its seats are not free yet. Bookings that an organizer cancels are paid back in full.
         *
         *     Needs a login or a buyer session.
         */
        post: operations["cancellation_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call off an event of yours
         * @description From then on nothing of it can be held or paid. Holds end, and all that was sold is paid back in full, fees included; `cancellation` shows how far that is.
         *
         *     Needs the permission `events` in an organisation, as a member or with a key.
         */
        post: operations["eventCancellation_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far the refunds of a cancelled event of yours are
         * @description Needs the permission `events` in an organisation, as a member or with a key.
         */
        get: operations["eventCancellation_progress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/refunds/{id}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a refund that the provider refuses, so that its seats are free
         * @description Its cancellation is among the stuck ones at `/admin/sagas`. The decision is kept as a fact with its author.
         *
         *     Needs the role admin.
         */
        post: operations["settlements_settle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give back a part of a payment for your event; its tickets stay good
         * @description A later cancellation pays back what is left then.
         *
         *     Needs the permission `refunds` in an organisation, as a member or with a key.
         */
        post: operations["refunds_refund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/waitlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what people wait for at an event of yours
         * @description Needs the permission `people` in an organisation, as a member or with a key.
         */
        get: operations["eventWaitlist_demand"];
        put?: never;
        /**
         * Wait for seats that others give back
         * @description Freed seats are offered in the order in which people joined: as many as there are of what you want, at least `minQuantity`. An offer is held for you until its deadline. Once declined or missed, you may join again at the end.
         *
         *     Needs a login.
         */
        post: operations["eventWaitlist_join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waitlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your entries, newest first
         * @description Needs a login.
         */
        get: operations["waitlist_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waitlist/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an entry of yours, with your place in the line
         * @description Needs a login.
         */
        get: operations["waitlist_read"];
        put?: never;
        post?: never;
        /**
         * Leave the line; what is offered to you is declined
         * @description Needs a login.
         */
        delete: operations["waitlist_leave"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waitlist/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an offer: it becomes a hold of yours, to be paid like any other
         * @description Paying the hold of an offer accepts it, too.
         *
         *     Needs a login.
         */
        post: operations["waitlist_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waitlist/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline an offer: the seats go to the next in line, and you leave it
         * @description Needs a login.
         */
        post: operations["waitlist_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your notifications, newest first; kept for a year
         * @description Needs a login.
         */
        get: operations["notifications_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/read-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark all as read
         * @description Needs a login.
         */
        post: operations["notifications_markAllRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your choice of notifications, and of the way they come
         * @description Needs a login.
         */
        get: operations["notifications_readPreferences"];
        /**
         * Say what you want to be told of, and how
         * @description Kinds that are not named go back to their default. Kinds about a seat or money are always shown in the application (`alwaysInApp`); mail can be switched off for each.
         *
         *     Needs a login.
         */
        put: operations["notifications_replacePreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark one as read
         * @description Needs a login.
         */
        post: operations["notifications_markRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales of all your events in a period, beside those of the period before
         * @description Needs the permission `money` in an organisation, as a member or with a key.
         */
        get: operations["analytics_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/popular": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your events that sold the most tickets in a period
         * @description Needs the permission `money` in an organisation, as a member or with a key.
         */
        get: operations["analytics_popular"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/timeseries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales by day or hour, at the place of the event
         * @description Needs the permission `money` in an organisation, as a member or with a key.
         */
        get: operations["analytics_timeseries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/cancellations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many tickets are given back, for which reasons, and what that costs
         * @description Needs the permission `money` in an organisation, as a member or with a key.
         */
        get: operations["analytics_cancellations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales of an event of yours, how full its sections are, and when it was sold out
         * @description Needs the permission `money` in an organisation, as a member or with a key.
         */
        get: operations["analytics_event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what happened to a booking, its payments and its tickets, oldest first
         * @description Needs a login.
         */
        get: operations["history_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your webhooks
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        get: operations["webhooks_list"];
        put?: never;
        /**
         * Be told what happens at your events
         * @description Each fact comes as a POST signed after Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), in order within its stream, at least once: the same `webhook-id` is the same message. Anything but a 2xx within ten seconds is tried again for 32 hours. The answer holds the secret, once.
         *
         *     Needs the permission `settings` in an organisation, as a member or with a key.
         */
        post: operations["webhooks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook of yours
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        get: operations["webhooks_find"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook of yours with its deliveries
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        delete: operations["webhooks_delete"];
        options?: never;
        head?: never;
        /**
         * Change a webhook of yours, or switch it off and on
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        patch: operations["webhooks_update"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the secret; the old one signs along for a day
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        post: operations["webhooks_changeSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages sent or waiting, newest first; kept for 30 days
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        get: operations["deliveries_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One delivery with its attempts
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        get: operations["deliveries_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send one again, under the same `webhook-id`
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        post: operations["deliveries_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send everything again since a point in time
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        post: operations["deliveries_replaySince"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message (`webhook.ping`)
         * @description Needs the permission `settings` in an organisation, as a member or with a key.
         */
        post: operations["deliveries_ping"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/demo/logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accounts of a demo; 404 where there is none, and always in production
         * @description Open to everybody.
         */
        get: operations["demoLogins_logins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/demo/rush": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last rush that was started on this replica of a demo; 404 elsewhere
         * @description Needs the role admin.
         */
        get: operations["rush_state"];
        put?: never;
        /**
         * Send 200 robots to buy places of one event of a demo, for about 20 seconds, then audit
         * @description Needs the role admin.
         */
        post: operations["rush_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Mail that waits, and what became of the rest, newest first; a look is recorded
         * @description Needs the role admin.
         */
        get: operations["mails_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/mails/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Text of one, written anew; a look is recorded
         * @description Texts are not kept, so it says what is true now. Links that stand for a password have no token, and attachments are named without their contents.
         *
         *     Needs the role admin.
         */
        get: operations["mails_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/mails/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try one now that waits or was given up
         * @description Needs the role admin.
         */
        post: operations["mails_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/mails/{id}/repeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send one again that was sent, dropped or given up: a new mail
         * @description Needs the role admin.
         */
        post: operations["mails_repeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Bookings of an account, newest first; a look is recorded
         * @description Needs the role admin.
         */
        get: operations["people_bookings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Acts of administrators and organizers, newest first
         * @description Every changing request on a route that asks for a role, every changing request of an administrator, and every look at mails and accounts of others. Entries cannot be changed or removed.
         *
         *     Needs the role admin.
         */
        get: operations["acts_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organisations/{id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Acts on what is of an organisation of yours, newest first
         * @description Every changing request of members, keys and administrators on its events, venues, webhooks, members and keys. Entries cannot be changed or removed.
         *
         *     Needs the permission `members` in an organisation, as a member or with a key.
         */
        get: operations["organisationActs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What needs attention, and the last twelve hours in numbers
         * @description Needs the role admin.
         */
        get: operations["overview_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The process runs and answers; nothing else is asked
         * @description Open to everybody.
         */
        get: operations["health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * May be sent requests: the database answers, takes changes and is migrated
         * @description Open to everybody.
         */
        get: operations["health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * State of the replica for operators; always 200 while the process answers
         * @description Open to everybody.
         */
        get: operations["health_status"];
        put?: never;
        post?: never;
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
        /**
         * @example {
         *       "broker": "connected",
         *       "readers": [
         *         {
         *           "name": "webhooks",
         *           "waiting": 2,
         *           "waitingSeconds": 0.2
         *         },
         *         {
         *           "name": "rabbitmq",
         *           "waiting": 0,
         *           "waitingSeconds": 0
         *         }
         *       ],
         *       "parked": [
         *         {
         *           "handler": "webhooks",
         *           "stream": "booking",
         *           "streamId": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "version": 3,
         *           "attempts": 10,
         *           "error": "Error: value too long",
         *           "parkedAt": "2026-11-25T10:00:00.000Z",
         *           "retryAt": null
         *         }
         *       ]
         *     }
         */
        Outbox: {
            /** @enum {string} */
            broker: "off" | "connected" | "standby";
            readers: {
                /** @description A handler of this release; `rabbitmq` is the broker */
                name: string;
                /** @description Facts it has not had yet; counted up to 10,000 */
                waiting: number;
                /** @description Age of the oldest of them, 0 when none waits */
                waitingSeconds: number;
            }[];
            /** @description Oldest first, 1,000 at most */
            parked: {
                handler: string;
                stream: string;
                /** Format: uuid */
                streamId: string;
                /** @description Version of the fact that failed; this fact and the later ones of its stream wait */
                version: number;
                attempts: number;
                error: string;
                /** Format: date-time */
                parkedAt: string;
                /**
                 * Format: date-time
                 * @description Tried again by itself then; null: failed ten times, waits for an operator
                 */
                retryAt: string | null;
            }[];
        };
        /**
         * @example {
         *       "handler": "webhooks",
         *       "stream": "booking",
         *       "streamId": "019ab0c0-0000-7000-8000-0000000000b1"
         *     }
         */
        ParkedStream: {
            handler: string;
            stream: string;
            /** Format: uuid */
            streamId: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *           "kind": "cancellation",
         *           "state": "stuck",
         *           "subjectId": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "step": "refund",
         *           "attempts": 1,
         *           "reason": "refund_refused",
         *           "dueAt": null,
         *           "correlationId": "d1b0c7a2-0f0e-4a53-9a3c-7a1b2c3d4e5f",
         *           "createdAt": "2026-11-25T10:00:00.000Z",
         *           "updatedAt": "2026-11-25T10:00:01.000Z"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        SagaPage: {
            data: {
                /** Format: uuid */
                id: string;
                /** @description `checkout`, `cancellation`, … */
                kind: string;
                /** @enum {string} */
                state: "running" | "compensating" | "completed" | "compensated" | "stuck";
                /**
                 * Format: uuid
                 * @description The booking or event it is about
                 */
                subjectId: string;
                /** Format: uuid */
                eventId: string | null;
                /** @description The step to do or undo next, null at the end */
                step: string | null;
                /** @description How often that step has been begun */
                attempts: number;
                /** @description Why the last attempt failed, or why it is being undone */
                reason: string | null;
                /**
                 * Format: date-time
                 * @description When it goes on by itself
                 */
                dueAt: string | null;
                correlationId: string | null;
                /** Format: date-time */
                createdAt: string;
                /** Format: date-time */
                updatedAt: string;
            }[];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *       "kind": "cancellation",
         *       "state": "stuck",
         *       "subjectId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "step": "refund",
         *       "attempts": 1,
         *       "reason": "refund_refused",
         *       "dueAt": null,
         *       "correlationId": "d1b0c7a2-0f0e-4a53-9a3c-7a1b2c3d4e5f",
         *       "createdAt": "2026-11-25T10:00:00.000Z",
         *       "updatedAt": "2026-11-25T10:00:01.000Z",
         *       "data": {
         *         "refundId": "019ab0c0-0000-7000-8000-0000000000d1"
         *       },
         *       "steps": [
         *         {
         *           "name": "refund",
         *           "undo": false,
         *           "attempts": 1,
         *           "outcome": "stuck",
         *           "reason": "refund_refused",
         *           "begunAt": "2026-11-25T10:00:00.000Z",
         *           "endedAt": "2026-11-25T10:00:01.000Z"
         *         }
         *       ]
         *     }
         */
        Saga: {
            /** Format: uuid */
            id: string;
            /** @description `checkout`, `cancellation`, … */
            kind: string;
            /** @enum {string} */
            state: "running" | "compensating" | "completed" | "compensated" | "stuck";
            /**
             * Format: uuid
             * @description The booking or event it is about
             */
            subjectId: string;
            /** Format: uuid */
            eventId: string | null;
            /** @description The step to do or undo next, null at the end */
            step: string | null;
            /** @description How often that step has been begun */
            attempts: number;
            /** @description Why the last attempt failed, or why it is being undone */
            reason: string | null;
            /**
             * Format: date-time
             * @description When it goes on by itself
             */
            dueAt: string | null;
            correlationId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Data that its steps have gathered */
            data: {
                [key: string]: unknown;
            };
            steps: {
                name: string;
                undo: boolean;
                attempts: number;
                /** @description Null while it is under way */
                outcome: string | null;
                reason: string | null;
                /** Format: date-time */
                begunAt: string;
                /** Format: date-time */
                endedAt: string | null;
            }[];
        };
        /**
         * @example {
         *       "name": "Playhouse Erfurt",
         *       "accent": "#8b1e3f",
         *       "links": [
         *         {
         *           "label": {
         *             "de": "Anfahrt",
         *             "en": "Getting here"
         *           },
         *           "url": "https://playhouse.example.org/visit"
         *         }
         *       ],
         *       "vat": {
         *         "de": "Preise mit 7 % Umsatzsteuer",
         *         "en": "Prices with 7 % VAT"
         *       },
         *       "pages": [
         *         "imprint"
         *       ],
         *       "logo": "/api/v1/house/logo?v=3f0c2b9d5e1a",
         *       "version": 4
         *     }
         */
        House: {
            name: string & (string);
            /** @description Colour of buttons and links, dark enough for white text; null: the colours of the product */
            accent: string | null;
            /** @description Shown at the foot of pages and mails */
            links: {
                label: {
                    de: string & (string);
                    en: string & (string);
                };
                /** Format: uri */
                url: string;
            }[];
            /** @description About taxes, at the foot of pages and on tickets */
            vat: {
                de: (string & (string)) | null;
                en: (string & (string)) | null;
            };
            /** @description Legal texts that there are, in one language at least */
            pages: ("imprint" | "privacy" | "terms")[];
            /** @description Path of the logo; it changes with the picture */
            logo: string | null;
            version: number;
        };
        /**
         * @example {
         *       "imprint": {
         *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
         *         "en": null
         *       },
         *       "privacy": {
         *         "de": null,
         *         "en": null
         *       },
         *       "terms": {
         *         "de": null,
         *         "en": null
         *       }
         *     }
         */
        LegalTexts: {
            /** @description Paragraphs, with an empty line between them */
            imprint: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            privacy: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            terms: {
                de: string | null;
                en: string | null;
            };
        };
        /**
         * @example {
         *       "name": "Playhouse Erfurt",
         *       "accent": "#8b1e3f",
         *       "links": [
         *         {
         *           "label": {
         *             "de": "Anfahrt",
         *             "en": "Getting here"
         *           },
         *           "url": "https://playhouse.example.org/visit"
         *         }
         *       ],
         *       "vat": {
         *         "de": "Preise mit 7 % Umsatzsteuer",
         *         "en": "Prices with 7 % VAT"
         *       },
         *       "imprint": {
         *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
         *         "en": null
         *       },
         *       "privacy": {
         *         "de": null,
         *         "en": null
         *       },
         *       "terms": {
         *         "de": null,
         *         "en": null
         *       },
         *       "logo": "/api/v1/house/logo?v=3f0c2b9d5e1a",
         *       "version": 4
         *     }
         */
        WholeHouse: {
            name: string & (string);
            /** @description Colour of buttons and links, dark enough for white text; null: the colours of the product */
            accent: string | null;
            /** @description Shown at the foot of pages and mails */
            links: {
                label: {
                    de: string & (string);
                    en: string & (string);
                };
                /** Format: uri */
                url: string;
            }[];
            /** @description Paragraphs, with an empty line between them */
            imprint: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            privacy: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            terms: {
                de: string | null;
                en: string | null;
            };
            /** @description About taxes, at the foot of pages and on tickets */
            vat: {
                de: (string & (string)) | null;
                en: (string & (string)) | null;
            };
            /** @description Path of the logo; it changes with the picture */
            logo: string | null;
            version: number;
        };
        /**
         * @example {
         *       "name": "Playhouse Erfurt",
         *       "accent": "#8b1e3f",
         *       "links": [
         *         {
         *           "label": {
         *             "de": "Anfahrt",
         *             "en": "Getting here"
         *           },
         *           "url": "https://playhouse.example.org/visit"
         *         }
         *       ],
         *       "vat": {
         *         "de": "Preise mit 7 % Umsatzsteuer",
         *         "en": "Prices with 7 % VAT"
         *       },
         *       "imprint": {
         *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
         *         "en": null
         *       },
         *       "privacy": {
         *         "de": null,
         *         "en": null
         *       },
         *       "terms": {
         *         "de": null,
         *         "en": null
         *       }
         *     }
         */
        HouseSettings: {
            name: string & (string);
            /** @description Colour of buttons and links, dark enough for white text; null: the colours of the product */
            accent: string | null;
            /** @description Shown at the foot of pages and mails */
            links: {
                label: {
                    de: string & (string);
                    en: string & (string);
                };
                /** Format: uri */
                url: string;
            }[];
            /** @description Paragraphs, with an empty line between them */
            imprint: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            privacy: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            terms: {
                de: string | null;
                en: string | null;
            };
            /** @description About taxes, at the foot of pages and on tickets */
            vat: {
                de: (string & (string)) | null;
                en: (string & (string)) | null;
            };
        };
        /**
         * @example {
         *       "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
         *     }
         */
        NewLogo: {
            /** @description PNG, JPEG or WebP of at most 512 KiB */
            data: string;
        };
        /**
         * @example {
         *       "email": "ada@example.org",
         *       "password": "correct horse battery",
         *       "name": "Ada Byron"
         *     }
         */
        Register: {
            /** Format: email */
            email: string;
            /** @description Any characters; the most common passwords and the email address itself are refused */
            password: string;
            /** @description As it should appear on tickets */
            name: string & (string);
            /**
             * @description The language of mails; without it that of `Accept-Language`
             * @enum {string}
             */
            locale?: "en" | "de";
            /** @description The `device` of an earlier login from here, so that the person gets no mail about a new device */
            device?: string;
        };
        /**
         * @example {
         *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl",
         *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE",
         *       "expiresIn": 900,
         *       "user": {
         *         "id": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *         "email": "ada@example.org",
         *         "name": "Ada Byron",
         *         "role": "user",
         *         "locale": "en",
         *         "emailVerified": false,
         *         "createdAt": "2026-03-01T18:00:00.000Z",
         *         "version": 1
         *       },
         *       "device": "Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs"
         *     }
         */
        LoggedIn: {
            /** @description Sent as `Authorization: Bearer …` */
            accessToken: string;
            /** @description Life of the access token in seconds */
            expiresIn: number;
            /** @description Works once; the answer to its use brings the next */
            refreshToken: string;
            user: components["schemas"]["Account"];
            /** @description To be sent with the next login from here, also after a logout */
            device: string;
        };
        /**
         * @example {
         *       "id": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *       "email": "ada@example.org",
         *       "name": "Ada Byron",
         *       "role": "user",
         *       "locale": "en",
         *       "emailVerified": false,
         *       "createdAt": "2026-03-01T18:00:00.000Z",
         *       "version": 1
         *     }
         */
        Account: {
            /** Format: uuid */
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "user" | "organizer" | "admin";
            /**
             * @description The language of mails and notifications
             * @enum {string}
             */
            locale: "en" | "de";
            emailVerified: boolean;
            /** Format: date-time */
            createdAt: string;
            /** @description Also the ETag, for If-Match */
            version: number;
        };
        /**
         * @example {
         *       "email": "ada@example.org",
         *       "password": "correct horse battery"
         *     }
         */
        Login: {
            /** Format: email */
            email: string;
            password: string;
            /** @description The `device` of an earlier login from here, so that the person gets no mail about a new device */
            device?: string;
        };
        /**
         * @example {
         *       "challenge": "Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt",
         *       "code": "492039"
         *     }
         */
        SecondStep: {
            challenge: string;
            /** @description Six digits of the authenticator app, or a recovery code */
            code: string;
            /** @description The `device` of an earlier login from here, so that the person gets no mail about a new device */
            device?: string;
        };
        /**
         * @example {
         *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE"
         *     }
         */
        Refresh: {
            refreshToken: string;
        };
        /**
         * @example {
         *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl",
         *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE",
         *       "expiresIn": 900,
         *       "user": {
         *         "id": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *         "email": "ada@example.org",
         *         "name": "Ada Byron",
         *         "role": "user",
         *         "locale": "en",
         *         "emailVerified": false,
         *         "createdAt": "2026-03-01T18:00:00.000Z",
         *         "version": 1
         *       }
         *     }
         */
        Tokens: {
            /** @description Sent as `Authorization: Bearer …` */
            accessToken: string;
            /** @description Life of the access token in seconds */
            expiresIn: number;
            /** @description Works once; the answer to its use brings the next */
            refreshToken: string;
            user: components["schemas"]["Account"];
        };
        /**
         * @example {
         *       "email": "ada@example.org"
         *     }
         */
        Forgot: {
            /** Format: email */
            email: string;
        };
        /**
         * @example {
         *       "token": "token-of-the-mail",
         *       "password": "correct horse battery"
         *     }
         */
        Reset: {
            token: string;
            /** @description Any characters; the most common passwords and the email address itself are refused */
            password: string;
        };
        /**
         * @example {
         *       "token": "token-of-the-mail"
         *     }
         */
        Verify: {
            token: string;
        };
        /**
         * @example {
         *       "name": "Ada Lovelace"
         *     }
         */
        EditMe: {
            /** @description As it should appear on tickets */
            name?: string & (string);
            /** Format: email */
            email?: string;
            /**
             * @description The language of mails and notifications
             * @enum {string}
             */
            locale?: "en" | "de";
            /** @description The current password, if there is one; needed to change the email address */
            password?: string;
        };
        /**
         * @example {
         *       "current": "correct horse battery",
         *       "password": "staple gun on the roof"
         *     }
         */
        ChangePassword: {
            current: string;
            /** @description Any characters; the most common passwords and the email address itself are refused */
            password: string;
        };
        /**
         * @example {
         *       "password": "correct horse battery"
         *     }
         */
        DeleteMe: {
            /** @description The current password, if there is one */
            password?: string;
        };
        /**
         * @example {
         *       "account": {
         *         "id": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *         "email": "ada@example.org",
         *         "name": "Ada Byron",
         *         "role": "user",
         *         "locale": "en",
         *         "emailVerified": false,
         *         "createdAt": "2026-03-01T18:00:00.000Z",
         *         "version": 1
         *       },
         *       "sessions": [
         *         {
         *           "id": "01981f6e-4a00-7000-8000-1d2c3b4a5968",
         *           "createdAt": "2026-03-01T18:00:00.000Z",
         *           "expiresAt": "2026-03-31T18:00:00.000Z",
         *           "lastUsedAt": "2026-03-01T20:15:00.000Z",
         *           "provedAt": "2026-03-01T18:00:00.000Z",
         *           "methods": [
         *             "password"
         *           ],
         *           "browser": "Firefox",
         *           "system": "Linux",
         *           "ip": "203.0.113.7"
         *         }
         *       ],
         *       "records": {
         *         "notification_preference": [
         *           {
         *             "kind": "event.reminder",
         *             "in_app": true,
         *             "mail": false
         *           }
         *         ]
         *       }
         *     }
         */
        AccountExport: {
            account: components["schemas"]["Account"];
            /** @description Open logins, newest first */
            sessions: {
                /** Format: uuid */
                id: string;
                /** Format: date-time */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description Unless it is used until then
                 */
                expiresAt: string;
                /**
                 * Format: date-time
                 * @description When its tokens were last renewed
                 */
                lastUsedAt: string;
                /**
                 * Format: date-time
                 * @description When the person last proved who they are
                 */
                provedAt: string;
                /** @description Ways in which the person proved it; empty for logins of earlier releases */
                methods: ("password" | "totp" | "recovery_code" | "passkey" | "identity" | "identity_mfa")[];
                /** @description Browser, or program, as it names itself */
                browser: string | null;
                system: string | null;
                /** @description Address of its last use: IPv4, or the /64 of IPv6 */
                ip: string | null;
            }[];
            /** @description Everything else, as it is stored: rows by table (bookings, payments, tickets, messages, ...) */
            records: {
                [key: string]: {
                    [key: string]: unknown;
                }[];
            };
        };
        /**
         * @example {
         *       "password": "correct horse battery"
         *     }
         */
        StepUp: {
            password?: string;
            /** @description Six digits of the authenticator app, or a recovery code */
            code?: string;
            /** @description Answer to the challenge of `POST /auth/step-up/options` */
            passkey?: components["schemas"]["PasskeyProof"];
        };
        /**
         * @example {
         *       "id": "AbG5cVhG4nXo5vEw0h8cXQ",
         *       "rawId": "AbG5cVhG4nXo5vEw0h8cXQ",
         *       "type": "public-key",
         *       "response": {
         *         "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWmszVHFWN3lGMGI5bVhyMkx3SGM4c0oxcE5lNXVHZEFvS3pCNlJ2UXhDdCIsIm9yaWdpbiI6Imh0dHBzOi8vdGlja2V0cy5leGFtcGxlLm9yZyJ9",
         *         "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ",
         *         "signature": "MEUCIQDl7Jm5c0bZ2o3v1p4"
         *       }
         *     }
         */
        PasskeyProof: {
            id: string;
            rawId: string;
            /** @enum {string} */
            type: "public-key";
            response: {
                clientDataJSON: string;
                authenticatorData: string;
                signature: string;
                userHandle?: string | null;
            };
            /** @enum {string} */
            authenticatorAttachment?: "platform" | "cross-platform";
            /** @description Not read */
            clientExtensionResults?: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl",
         *       "expiresIn": 900
         *     }
         */
        Proof: {
            /** @description Sent as `Authorization: Bearer …` */
            accessToken: string;
            /** @description Life of the access token in seconds */
            expiresIn: number;
        };
        /**
         * @example {
         *       "password": true,
         *       "secondFactor": true,
         *       "recoveryCodesLeft": 10,
         *       "passkeys": 1,
         *       "strong": true
         *     }
         */
        Security: {
            /** @description Whether one can log in with a password */
            password: boolean;
            /** @description Whether logins ask for a code of an authenticator app */
            secondFactor: boolean;
            recoveryCodesLeft: number;
            /** @description How many there are; with one, step-up takes it in place of anything else */
            passkeys: number;
            /** @description Whether this session was proved with two factors */
            strong: boolean;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "01981f6e-4a00-7000-8000-1d2c3b4a5968",
         *           "createdAt": "2026-03-01T18:00:00.000Z",
         *           "expiresAt": "2026-03-31T18:00:00.000Z",
         *           "lastUsedAt": "2026-03-01T20:15:00.000Z",
         *           "provedAt": "2026-03-01T18:00:00.000Z",
         *           "methods": [
         *             "password"
         *           ],
         *           "browser": "Firefox",
         *           "system": "Linux",
         *           "ip": "203.0.113.7",
         *           "current": true
         *         }
         *       ]
         *     }
         */
        Sessions: {
            data: {
                /** Format: uuid */
                id: string;
                /** Format: date-time */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description Unless it is used until then
                 */
                expiresAt: string;
                /**
                 * Format: date-time
                 * @description When its tokens were last renewed
                 */
                lastUsedAt: string;
                /**
                 * Format: date-time
                 * @description When the person last proved who they are
                 */
                provedAt: string;
                /** @description Ways in which the person proved it; empty for logins of earlier releases */
                methods: ("password" | "totp" | "recovery_code" | "passkey" | "identity" | "identity_mfa")[];
                /** @description Browser, or program, as it names itself */
                browser: string | null;
                system: string | null;
                /** @description Address of its last use: IPv4, or the /64 of IPv6 */
                ip: string | null;
                /** @description The one that asks */
                current: boolean;
            }[];
        };
        /**
         * @example {
         *       "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
         *       "uri": "otpauth://totp/Evently:ada%40example.org?issuer=Evently&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30"
         *     }
         */
        SecondFactorSecret: {
            /** @description Base32, to be typed by hand */
            secret: string;
            /** @description `otpauth://…`, to be shown as a QR code */
            uri: string;
        };
        /**
         * @example {
         *       "code": "492039"
         *     }
         */
        ConfirmSecondFactor: {
            /** @description Six digits that the app shows */
            code: string;
        };
        /**
         * @example {
         *       "recoveryCodes": [
         *         "2b3c-d4e5-f6g7-h2i3",
         *         "qrst-uvwx-yz23-4567"
         *       ],
         *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl",
         *       "expiresIn": 900
         *     }
         */
        SecondFactorOn: {
            /** @description Each works once; shown now and never again */
            recoveryCodes: string[];
            /** @description Sent as `Authorization: Bearer …` */
            accessToken: string;
            /** @description Life of the access token in seconds */
            expiresIn: number;
        };
        /**
         * @example {
         *       "recoveryCodes": [
         *         "2b3c-d4e5-f6g7-h2i3",
         *         "qrst-uvwx-yz23-4567"
         *       ]
         *     }
         */
        RecoveryCodes: {
            /** @description Each works once; shown now and never again */
            recoveryCodes: string[];
        };
        /**
         * @example {
         *       "challenge": "Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt",
         *       "rpId": "tickets.example.org",
         *       "timeout": 300000,
         *       "userVerification": "required",
         *       "allowCredentials": []
         *     }
         */
        PasskeyRequestOptions: {
            /** @description Works once, within five minutes */
            challenge: string;
            rpId: string;
            /** @description Milliseconds */
            timeout: number;
            /** @enum {string} */
            userVerification: "required";
            /** @description Passkeys that are accepted; empty for a login, where nobody is known yet */
            allowCredentials: {
                id: string;
                /** @enum {string} */
                type: "public-key";
                transports: string[];
            }[];
        };
        /**
         * @example {
         *       "passkey": {
         *         "id": "AbG5cVhG4nXo5vEw0h8cXQ",
         *         "rawId": "AbG5cVhG4nXo5vEw0h8cXQ",
         *         "type": "public-key",
         *         "response": {
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWmszVHFWN3lGMGI5bVhyMkx3SGM4c0oxcE5lNXVHZEFvS3pCNlJ2UXhDdCIsIm9yaWdpbiI6Imh0dHBzOi8vdGlja2V0cy5leGFtcGxlLm9yZyJ9",
         *           "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ",
         *           "signature": "MEUCIQDl7Jm5c0bZ2o3v1p4"
         *         }
         *       }
         *     }
         */
        PasskeyLogin: {
            passkey: components["schemas"]["PasskeyProof"];
            /** @description The `device` of an earlier login from here, so that the person gets no mail about a new device */
            device?: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "01981f6e-5b00-7000-8000-2e3d4c5b6a79",
         *           "name": "My phone",
         *           "synced": true,
         *           "createdAt": "2026-03-01T18:00:00.000Z",
         *           "lastUsedAt": "2026-03-02T09:30:00.000Z"
         *         }
         *       ]
         *     }
         */
        Passkeys: {
            data: components["schemas"]["Passkey"][];
        };
        /**
         * @example {
         *       "id": "01981f6e-5b00-7000-8000-2e3d4c5b6a79",
         *       "name": "My phone",
         *       "synced": true,
         *       "createdAt": "2026-03-01T18:00:00.000Z",
         *       "lastUsedAt": "2026-03-02T09:30:00.000Z"
         *     }
         */
        Passkey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description Kept on several devices of its person */
            synced: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        /**
         * @example {
         *       "challenge": "Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt",
         *       "rp": {
         *         "id": "tickets.example.org",
         *         "name": "Evently"
         *       },
         *       "user": {
         *         "id": "AZgfbjwAcACAAF8rbB2eQg",
         *         "name": "ada@example.org",
         *         "displayName": "Ada Byron"
         *       },
         *       "pubKeyCredParams": [
         *         {
         *           "type": "public-key",
         *           "alg": -7
         *         }
         *       ],
         *       "timeout": 300000,
         *       "attestation": "none",
         *       "excludeCredentials": [],
         *       "authenticatorSelection": {
         *         "residentKey": "required",
         *         "requireResidentKey": true,
         *         "userVerification": "required"
         *       }
         *     }
         */
        PasskeyCreationOptions: {
            /** @description Works once, within five minutes */
            challenge: string;
            rp: {
                id: string;
                name: string;
            };
            user: {
                id: string;
                name: string;
                displayName: string;
            };
            pubKeyCredParams: {
                /** @enum {string} */
                type: "public-key";
                alg: number;
            }[];
            /** @description Milliseconds */
            timeout: number;
            /** @enum {string} */
            attestation: "none";
            /** @description Passkeys that the account has already */
            excludeCredentials: {
                id: string;
                /** @enum {string} */
                type: "public-key";
                transports: string[];
            }[];
            authenticatorSelection: {
                /** @enum {string} */
                residentKey: "required";
                /** @enum {boolean} */
                requireResidentKey: true;
                /** @enum {string} */
                userVerification: "required";
            };
        };
        /**
         * @example {
         *       "name": "My phone",
         *       "credential": {
         *         "id": "AbG5cVhG4nXo5vEw0h8cXQ",
         *         "rawId": "AbG5cVhG4nXo5vEw0h8cXQ",
         *         "type": "public-key",
         *         "response": {
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWmszVHFWN3lGMGI5bVhyMkx3SGM4c0oxcE5lNXVHZEFvS3pCNlJ2UXhDdCIsIm9yaWdpbiI6Imh0dHBzOi8vdGlja2V0cy5leGFtcGxlLm9yZyJ9",
         *           "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YQ",
         *           "transports": [
         *             "internal"
         *           ]
         *         }
         *       }
         *     }
         */
        AddPasskey: {
            /** @description Without it, browser and system give the name */
            name?: string & (string);
            credential: components["schemas"]["NewCredential"];
        };
        /**
         * @example {
         *       "id": "AbG5cVhG4nXo5vEw0h8cXQ",
         *       "rawId": "AbG5cVhG4nXo5vEw0h8cXQ",
         *       "type": "public-key",
         *       "response": {
         *         "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWmszVHFWN3lGMGI5bVhyMkx3SGM4c0oxcE5lNXVHZEFvS3pCNlJ2UXhDdCIsIm9yaWdpbiI6Imh0dHBzOi8vdGlja2V0cy5leGFtcGxlLm9yZyJ9",
         *         "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YQ",
         *         "transports": [
         *           "internal"
         *         ]
         *       }
         *     }
         */
        NewCredential: {
            id: string;
            rawId: string;
            /** @enum {string} */
            type: "public-key";
            response: {
                clientDataJSON: string;
                attestationObject: string;
                transports?: string[];
                authenticatorData?: string;
                publicKey?: string;
                publicKeyAlgorithm?: number;
            };
            /** @enum {string} */
            authenticatorAttachment?: "platform" | "cross-platform";
            /** @description Not read */
            clientExtensionResults?: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "name": "My phone"
         *     }
         */
        RenamePasskey: {
            /** @description As its person calls it */
            name: string & (string);
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *           "email": "ada@example.org",
         *           "name": "Ada Byron",
         *           "role": "user",
         *           "locale": "en",
         *           "emailVerified": false,
         *           "createdAt": "2026-03-01T18:00:00.000Z",
         *           "version": 1,
         *           "kind": "account",
         *           "organisationId": null,
         *           "reference": null,
         *           "lockedAt": null,
         *           "lockedReason": null
         *         }
         *       ],
         *       "next": null,
         *       "total": 1
         *     }
         */
        AccountPage: {
            data: components["schemas"]["ManagedAccount"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
            total: number;
        };
        /**
         * @example {
         *       "id": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *       "email": "ada@example.org",
         *       "name": "Ada Byron",
         *       "role": "user",
         *       "locale": "en",
         *       "emailVerified": false,
         *       "createdAt": "2026-03-01T18:00:00.000Z",
         *       "version": 1,
         *       "kind": "account",
         *       "organisationId": null,
         *       "reference": null,
         *       "lockedAt": null,
         *       "lockedReason": null
         *     }
         */
        ManagedAccount: {
            /** Format: uuid */
            id: string;
            /** @description Of a customer: where tickets are sent, if anywhere */
            email: string | null;
            name: string | null;
            /** @enum {string} */
            role: "user" | "organizer" | "admin";
            /**
             * @description The language of mails and notifications
             * @enum {string}
             */
            locale: "en" | "de";
            emailVerified: boolean;
            /** Format: date-time */
            createdAt: string;
            /** @description Also the ETag, for If-Match */
            version: number;
            /**
             * @description `customer`: of the shop of an organisation, with buyer sessions and without a login
             * @enum {string}
             */
            kind: "account" | "customer";
            /**
             * Format: uuid
             * @description Of a customer: whose
             */
            organisationId: string | null;
            /** @description By what the shop knows its customer */
            reference: string | null;
            /**
             * Format: date-time
             * @description Since when nobody may log in to it; null: it is open
             */
            lockedAt: string | null;
            lockedReason: string | null;
        };
        /**
         * @example {
         *       "role": "organizer"
         *     }
         */
        AssignRole: {
            /** @enum {string} */
            role: "user" | "organizer" | "admin";
        };
        /**
         * @example {
         *       "reason": "Cards of others were used"
         *     }
         */
        LockAccount: {
            /** @description For other administrators; its person does not see it */
            reason: string;
        };
        /**
         * @example {
         *       "organisation": null,
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "name": "House ID"
         *         }
         *       ]
         *     }
         */
        OpenIdentityProviders: {
            /** @description Name of the organisation that was asked for */
            organisation: string | null;
            data: {
                /** Format: uuid */
                id: string;
                name: string;
            }[];
        };
        /**
         * @example {
         *       "provider": "019ab0c0-0000-7000-8000-0000000000d1"
         *     }
         */
        BeginIdentityLogin: {
            /** Format: uuid */
            provider: string;
        };
        /**
         * @example {
         *       "url": "https://id.example.org/realms/house/auth?client_id=evently&response_type=code"
         *     }
         */
        IdentityLogin: {
            /** @description At the provider; the browser goes there */
            url: string;
        };
        /**
         * @example {
         *       "code": "Yt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHsQx9uKf3Lm"
         *     }
         */
        FinishIdentityLogin: {
            /** @description Of the address that the provider’s answer led to; it works once, for 60 seconds */
            code: string;
            /** @description The `device` of an earlier login from here */
            device?: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d2",
         *           "provider": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "name": "House ID",
         *           "linkedAt": "2027-06-01T09:00:00.000Z",
         *           "lastUsedAt": null
         *         }
         *       ]
         *     }
         */
        IdentityList: {
            data: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                provider: string;
                /** @description Name of the provider */
                name: string;
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                linkedAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                lastUsedAt: string | null;
            }[];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "name": "House ID",
         *           "issuer": "https://id.example.org/realms/house",
         *           "clientId": "evently",
         *           "hasSecret": true,
         *           "enabled": true,
         *           "redirectUri": "https://tickets.example.org/api/v1/auth/identities/callback/019ab0c0-0000-7000-8000-0000000000d1",
         *           "people": 12,
         *           "version": 1,
         *           "createdAt": "2027-06-01T09:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        IdentityProviderList: {
            data: components["schemas"]["IdentityProvider"][];
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *       "name": "House ID",
         *       "issuer": "https://id.example.org/realms/house",
         *       "clientId": "evently",
         *       "hasSecret": true,
         *       "enabled": true,
         *       "redirectUri": "https://tickets.example.org/api/v1/auth/identities/callback/019ab0c0-0000-7000-8000-0000000000d1",
         *       "people": 12,
         *       "version": 1,
         *       "createdAt": "2027-06-01T09:00:00.000Z"
         *     }
         */
        IdentityProvider: {
            /** Format: uuid */
            id: string;
            name: string;
            issuer: string;
            clientId: string;
            hasSecret: boolean;
            /** @description Whether people can log in with it */
            enabled: boolean;
            /** @description Must be allowed at the provider, to the letter */
            redirectUri: string;
            /** @description Accounts that are linked to it */
            people: number;
            version: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
        };
        /**
         * @example {
         *       "name": "House ID",
         *       "issuer": "https://id.example.org/realms/house",
         *       "clientId": "evently",
         *       "clientSecret": "a-secret-of-theirs",
         *       "enabled": true
         *     }
         */
        NewIdentityProvider: {
            /** @description As people know it: “Continue with …” */
            name: string & (string);
            /** @description Its address, below which `.well-known/openid-configuration` is found; it cannot be changed later */
            issuer: string;
            /** @description Name under which the provider knows this installation */
            clientId: string;
            /**
             * @description Given by the provider; null for a public client. No answer holds it
             * @default null
             */
            clientSecret?: string | null;
            /**
             * @description Whether people can log in with it
             * @default true
             */
            enabled?: boolean;
        };
        /**
         * @example {
         *       "enabled": false
         *     }
         */
        IdentityProviderChanges: {
            /** @description As people know it: “Continue with …” */
            name?: string & (string);
            /** @description Name under which the provider knows this installation */
            clientId?: string;
            /** @description Given by the provider; null for a public client. No answer holds it */
            clientSecret?: string | null;
            /** @description Whether people can log in with it */
            enabled?: boolean;
        };
        /**
         * @example {
         *       "issuer": "https://id.example.org/realms/house",
         *       "authorizationEndpoint": "https://id.example.org/realms/house/auth",
         *       "tokenEndpoint": "https://id.example.org/realms/house/token",
         *       "namesItself": true,
         *       "pkce": true
         *     }
         */
        IdentityProviderLook: {
            issuer: string;
            authorizationEndpoint: string;
            tokenEndpoint: string;
            /** @description Whether its answers say from whom they are (RFC 9207) */
            namesItself: boolean;
            /** @description Whether it says that it knows PKCE with S256, which is always sent */
            pkce: boolean;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-000000000004",
         *           "name": "Theatre association Erfurt",
         *           "owner": false,
         *           "permissions": [
         *             "door"
         *           ],
         *           "events": [
         *             "019ab0c0-0000-7000-8000-000000000003"
         *           ],
         *           "demandsSecondFactor": false,
         *           "ownershipOfferedUntil": null
         *         }
         *       ]
         *     }
         */
        OwnOrganisations: {
            data: {
                /** Format: uuid */
                id: string;
                name: string;
                /** @description Owners may do everything */
                owner: boolean;
                permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
                /** @description null: all events of the organisation */
                events: string[] | null;
                /** @description Members may do nothing for it until they have logged in with two factors; changed by owners */
                demandsSecondFactor: boolean;
                /**
                 * Format: date-time
                 * @description Ownership is offered to the caller until then
                 */
                ownershipOfferedUntil: string | null;
            }[];
        };
        /**
         * @example {
         *       "name": "Theatre association Erfurt"
         *     }
         */
        NewOrganisation: {
            /** @description Named on tickets as the organizer */
            name: string & (string);
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-000000000004",
         *       "name": "Theatre association Erfurt",
         *       "address": "Theaterplatz 1\n99084 Erfurt",
         *       "website": "https://theatre.example.org",
         *       "demandsSecondFactor": false,
         *       "version": 1,
         *       "createdAt": "2027-05-31T12:00:00.000Z",
         *       "updatedAt": "2027-05-31T12:00:00.000Z"
         *     }
         */
        Organisation: {
            /** Format: uuid */
            id: string;
            name: string;
            address: string;
            website: string | null;
            /** @description Members may do nothing for it until they have logged in with two factors; changed by owners */
            demandsSecondFactor: boolean;
            version: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            updatedAt: string;
        };
        /**
         * @example {
         *       "website": "https://theatre.example.org"
         *     }
         */
        OrganisationEdit: {
            /** @description Named on tickets as the organizer */
            name?: string & (string);
            /** @description Postal address */
            address?: string;
            /** Format: uri */
            website?: string | null;
            /** @description Members may do nothing for it until they have logged in with two factors; changed by owners */
            demandsSecondFactor?: boolean;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "userId": "019ab0c0-0000-7000-8000-0000000000a2",
         *           "name": "Ada Byron",
         *           "email": "ada@example.org",
         *           "owner": false,
         *           "permissions": [
         *             "door"
         *           ],
         *           "events": [
         *             "019ab0c0-0000-7000-8000-000000000003"
         *           ],
         *           "joinedAt": "2027-06-01T09:00:00.000Z",
         *           "ownershipOfferedUntil": null
         *         }
         *       ]
         *     }
         */
        MemberList: {
            data: components["schemas"]["Member"][];
        };
        /**
         * @example {
         *       "userId": "019ab0c0-0000-7000-8000-0000000000a2",
         *       "name": "Ada Byron",
         *       "email": "ada@example.org",
         *       "owner": false,
         *       "permissions": [
         *         "door"
         *       ],
         *       "events": [
         *         "019ab0c0-0000-7000-8000-000000000003"
         *       ],
         *       "joinedAt": "2027-06-01T09:00:00.000Z",
         *       "ownershipOfferedUntil": null
         *     }
         */
        Member: {
            /** Format: uuid */
            userId: string;
            name: string;
            email: string;
            /** @description Owners may do everything */
            owner: boolean;
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
            /** @description null: all events of the organisation */
            events: string[] | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            joinedAt: string;
            /**
             * Format: date-time
             * @description Ownership is offered to this member until then
             */
            ownershipOfferedUntil: string | null;
        };
        /**
         * @example {
         *       "permissions": [
         *         "door"
         *       ],
         *       "events": [
         *         "019ab0c0-0000-7000-8000-000000000003"
         *       ]
         *     }
         */
        MemberRights: {
            /** @description What the member may do */
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
            /**
             * @description Events for which they may do it; null: all of the organisation, later ones as well
             * @default null
             */
            events?: string[] | null;
        };
        /**
         * @example {
         *       "userId": "019ab0c0-0000-7000-8000-0000000000a2"
         *     }
         */
        OwnershipOffer: {
            /**
             * Format: uuid
             * @description A member
             */
            userId: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "email": "ada@example.org",
         *           "permissions": [
         *             "door"
         *           ],
         *           "events": [
         *             "019ab0c0-0000-7000-8000-000000000003"
         *           ],
         *           "invitedBy": "019ab0c0-0000-7000-8000-0000000000a2",
         *           "createdAt": "2027-06-01T09:00:00.000Z",
         *           "expiresAt": "2027-06-08T09:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        InvitationList: {
            data: components["schemas"]["Invitation"][];
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "email": "ada@example.org",
         *       "permissions": [
         *         "door"
         *       ],
         *       "events": [
         *         "019ab0c0-0000-7000-8000-000000000003"
         *       ],
         *       "invitedBy": "019ab0c0-0000-7000-8000-0000000000a2",
         *       "createdAt": "2027-06-01T09:00:00.000Z",
         *       "expiresAt": "2027-06-08T09:00:00.000Z"
         *     }
         */
        Invitation: {
            /** Format: uuid */
            id: string;
            email: string;
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
            /** @description null: all events of the organisation */
            events: string[] | null;
            /** Format: uuid */
            invitedBy: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            expiresAt: string;
        };
        /**
         * @example {
         *       "email": "ada@example.org",
         *       "permissions": [
         *         "door"
         *       ],
         *       "events": [
         *         "019ab0c0-0000-7000-8000-000000000003"
         *       ]
         *     }
         */
        NewInvitation: {
            /** Format: email */
            email: string;
            /** @description What the member may do */
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
            /**
             * @description Events for which they may do it; null: all of the organisation, later ones as well
             * @default null
             */
            events?: string[] | null;
        };
        /**
         * @example {
         *       "token": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE"
         *     }
         */
        InvitationToken: {
            /** @description From the link in the mail */
            token: string;
        };
        /**
         * @example {
         *       "organisation": {
         *         "id": "019ab0c0-0000-7000-8000-000000000004",
         *         "name": "Theatre association Erfurt"
         *       },
         *       "email": "ada@example.org",
         *       "permissions": [
         *         "door"
         *       ],
         *       "events": [
         *         "019ab0c0-0000-7000-8000-000000000003"
         *       ],
         *       "expiresAt": "2027-06-08T09:00:00.000Z"
         *     }
         */
        OpenInvitation: {
            organisation: {
                /** Format: uuid */
                id: string;
                name: string;
            };
            /** @description Address that was invited; any account may accept */
            email: string;
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
            /** @description null: all events of the organisation */
            events: string[] | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            expiresAt: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000c1",
         *           "name": "Shop of our site",
         *           "permissions": [
         *             "people",
         *             "money"
         *           ],
         *           "events": null,
         *           "expiresAt": "2028-06-01T00:00:00.000Z",
         *           "test": false,
         *           "ending": "xRvE",
         *           "createdBy": "019ab0c0-0000-7000-8000-0000000000a2",
         *           "createdByName": "Ada Byron",
         *           "createdByMember": true,
         *           "createdAt": "2027-06-01T09:00:00.000Z",
         *           "lastUsedAt": null,
         *           "requests": 0,
         *           "endedAt": null
         *         }
         *       ]
         *     }
         */
        ApiKeyList: {
            data: components["schemas"]["ApiKey"][];
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000c1",
         *       "name": "Shop of our site",
         *       "permissions": [
         *         "people",
         *         "money"
         *       ],
         *       "events": null,
         *       "expiresAt": "2028-06-01T00:00:00.000Z",
         *       "test": false,
         *       "ending": "xRvE",
         *       "createdBy": "019ab0c0-0000-7000-8000-0000000000a2",
         *       "createdByName": "Ada Byron",
         *       "createdByMember": true,
         *       "createdAt": "2027-06-01T09:00:00.000Z",
         *       "lastUsedAt": null,
         *       "requests": 0,
         *       "endedAt": null
         *     }
         */
        ApiKey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description For sandbox events only; the key begins with evk_test_ */
            test: boolean;
            /** @description Last four characters of the key */
            ending: string;
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
            /** @description null: all events of the organisation */
            events: string[] | null;
            /**
             * Format: uuid
             * @description Account of the person who made it
             */
            createdBy: string;
            /** @description null: the account is deleted */
            createdByName: string | null;
            /** @description That person still belongs to the organisation; a key goes on without */
            createdByMember: boolean;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To the minute
             */
            lastUsedAt: string | null;
            /** @description Requests made with it so far, as of a minute ago */
            requests: number;
            /**
             * Format: date-time
             * @description When somebody ended it, a month ago at most
             */
            endedAt: string | null;
        };
        /**
         * @example {
         *       "name": "Shop of our site",
         *       "permissions": [
         *         "people",
         *         "money"
         *       ],
         *       "events": null,
         *       "expiresAt": "2028-06-01T00:00:00.000Z",
         *       "test": false
         *     }
         */
        NewApiKey: {
            name: string & (string);
            /** @description What the key may do */
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings")[];
            /**
             * @description Events for which they may do it; null: all of the organisation, later ones as well
             * @default null
             */
            events?: string[] | null;
            /**
             * Format: date-time
             * @description Null: until it is ended
             */
            expiresAt?: string | null;
            /**
             * @description A test key opens sandbox events, and them alone; another key opens all but them
             * @default false
             */
            test?: boolean;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000c1",
         *       "name": "Shop of our site",
         *       "permissions": [
         *         "people",
         *         "money"
         *       ],
         *       "events": null,
         *       "expiresAt": "2028-06-01T00:00:00.000Z",
         *       "test": false,
         *       "ending": "xRvE",
         *       "createdBy": "019ab0c0-0000-7000-8000-0000000000a2",
         *       "createdByName": "Ada Byron",
         *       "createdByMember": true,
         *       "createdAt": "2027-06-01T09:00:00.000Z",
         *       "lastUsedAt": null,
         *       "requests": 0,
         *       "endedAt": null,
         *       "key": "evk_live_3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE"
         *     }
         */
        MadeApiKey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description For sandbox events only; the key begins with evk_test_ */
            test: boolean;
            /** @description Last four characters of the key */
            ending: string;
            permissions: ("events" | "prices" | "people" | "refunds" | "money" | "box-office" | "sell" | "door" | "settings" | "members")[];
            /** @description null: all events of the organisation */
            events: string[] | null;
            /**
             * Format: uuid
             * @description Account of the person who made it
             */
            createdBy: string;
            /** @description null: the account is deleted */
            createdByName: string | null;
            /** @description That person still belongs to the organisation; a key goes on without */
            createdByMember: boolean;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To the minute
             */
            lastUsedAt: string | null;
            /** @description Requests made with it so far, as of a minute ago */
            requests: number;
            /**
             * Format: date-time
             * @description When somebody ended it, a month ago at most
             */
            endedAt: string | null;
            /** @description Shown in this answer only */
            key: string;
        };
        /**
         * @default {
         *       "overlapHours": 24
         *     }
         * @example {
         *       "overlapHours": 24
         *     }
         */
        KeyRotation: {
            /**
             * @description How long the old key still works
             * @default 24
             */
            overlapHours?: number;
        };
        /**
         * @example {
         *       "name": "Playhouse Erfurt",
         *       "accent": "#8b1e3f",
         *       "links": [
         *         {
         *           "label": {
         *             "de": "Anfahrt",
         *             "en": "Getting here"
         *           },
         *           "url": "https://playhouse.example.org/visit"
         *         }
         *       ],
         *       "vat": {
         *         "de": "Preise mit 7 % Umsatzsteuer",
         *         "en": "Prices with 7 % VAT"
         *       },
         *       "pages": [
         *         "imprint"
         *       ],
         *       "logo": "/api/v1/organisations/019ab0c0-0000-7000-8000-000000000004/house/logo?v=3f0c2b9d5e1a",
         *       "version": 4,
         *       "organisation": {
         *         "id": "019ab0c0-0000-7000-8000-000000000004",
         *         "name": "Theatre association Erfurt",
         *         "address": "Theaterplatz 1\n99084 Erfurt",
         *         "website": "https://theatre.example.org"
         *       }
         *     }
         */
        OrganisationHouse: {
            name: string & (string);
            /** @description Colour of buttons and links, dark enough for white text; null: the colours of the product */
            accent: string | null;
            /** @description Shown at the foot of pages and mails */
            links: {
                label: {
                    de: string & (string);
                    en: string & (string);
                };
                /** Format: uri */
                url: string;
            }[];
            /** @description About taxes, at the foot of pages and on tickets */
            vat: {
                de: (string & (string)) | null;
                en: (string & (string)) | null;
            };
            /** @description Legal texts that there are, in one language at least */
            pages: ("imprint" | "privacy" | "terms")[];
            /** @description Path of the logo; it changes with the picture */
            logo: string | null;
            /** @description Grows with each change, also of the house */
            version: number;
            organisation: {
                /** Format: uuid */
                id: string;
                name: string;
                address: string;
                website: string | null;
            };
        };
        /**
         * @example {
         *       "name": "Playhouse Erfurt",
         *       "accent": "#8b1e3f",
         *       "links": [
         *         {
         *           "label": {
         *             "de": "Anfahrt",
         *             "en": "Getting here"
         *           },
         *           "url": "https://playhouse.example.org/visit"
         *         }
         *       ],
         *       "vat": {
         *         "de": "Preise mit 7 % Umsatzsteuer",
         *         "en": "Prices with 7 % VAT"
         *       },
         *       "imprint": {
         *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
         *         "en": null
         *       },
         *       "privacy": {
         *         "de": null,
         *         "en": null
         *       },
         *       "terms": {
         *         "de": null,
         *         "en": null
         *       },
         *       "logo": "/api/v1/house/logo?v=3f0c2b9d5e1a",
         *       "version": 4
         *     }
         */
        WholeOrganisationHouse: {
            /** @description Name that buyers see; null: that of the house */
            name: (string & (string)) | null;
            /** @description Colour of buttons and links, dark enough for white text; null: that of the house */
            accent: string | null;
            /** @description Shown at the foot of pages and mails; empty: those of the house */
            links: {
                label: {
                    de: string & (string);
                    en: string & (string);
                };
                /** Format: uri */
                url: string;
            }[];
            /** @description Paragraphs, with an empty line between them */
            imprint: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            privacy: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            terms: {
                de: string | null;
                en: string | null;
            };
            /** @description About taxes, at the foot of pages and on tickets */
            vat: {
                de: (string & (string)) | null;
                en: (string & (string)) | null;
            };
            /** @description Path of the logo; it changes with the picture */
            logo: string | null;
            version: number;
        };
        /**
         * @example {
         *       "name": "Playhouse Erfurt",
         *       "accent": "#8b1e3f",
         *       "links": [
         *         {
         *           "label": {
         *             "de": "Anfahrt",
         *             "en": "Getting here"
         *           },
         *           "url": "https://playhouse.example.org/visit"
         *         }
         *       ],
         *       "vat": {
         *         "de": "Preise mit 7 % Umsatzsteuer",
         *         "en": "Prices with 7 % VAT"
         *       },
         *       "imprint": {
         *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
         *         "en": null
         *       },
         *       "privacy": {
         *         "de": null,
         *         "en": null
         *       },
         *       "terms": {
         *         "de": null,
         *         "en": null
         *       }
         *     }
         */
        OrganisationHouseSettings: {
            /** @description Name that buyers see; null: that of the house */
            name: (string & (string)) | null;
            /** @description Colour of buttons and links, dark enough for white text; null: that of the house */
            accent: string | null;
            /** @description Shown at the foot of pages and mails; empty: those of the house */
            links: {
                label: {
                    de: string & (string);
                    en: string & (string);
                };
                /** Format: uri */
                url: string;
            }[];
            /** @description Paragraphs, with an empty line between them */
            imprint: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            privacy: {
                de: string | null;
                en: string | null;
            };
            /** @description Paragraphs, with an empty line between them */
            terms: {
                de: string | null;
                en: string | null;
            };
            /** @description About taxes, at the foot of pages and on tickets */
            vat: {
                de: (string & (string)) | null;
                en: (string & (string)) | null;
            };
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
         *           "organizerId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48",
         *           "name": "Riethsporthalle",
         *           "address": "Essener Straße 20",
         *           "city": "Erfurt",
         *           "country": "DE",
         *           "timezone": "Europe/Berlin",
         *           "capacity": 1500,
         *           "description": "Handball and concerts in the north of the city.",
         *           "version": 1,
         *           "createdAt": "2026-06-01T08:00:00.000Z",
         *           "updatedAt": "2026-06-01T08:00:00.000Z"
         *         }
         *       ],
         *       "next": null,
         *       "total": 1
         *     }
         */
        VenuePage: {
            data: components["schemas"]["Venue"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
            total: number;
        };
        /**
         * @example {
         *       "id": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
         *       "organizerId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48",
         *       "name": "Riethsporthalle",
         *       "address": "Essener Straße 20",
         *       "city": "Erfurt",
         *       "country": "DE",
         *       "timezone": "Europe/Berlin",
         *       "capacity": 1500,
         *       "description": "Handball and concerts in the north of the city.",
         *       "version": 1,
         *       "createdAt": "2026-06-01T08:00:00.000Z",
         *       "updatedAt": "2026-06-01T08:00:00.000Z"
         *     }
         */
        Venue: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            organizerId: string;
            name: string;
            address: string;
            city: string;
            country: string;
            timezone: string;
            capacity: number;
            description: string | null;
            version: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            updatedAt: string;
        };
        /**
         * @example {
         *       "name": "Riethsporthalle",
         *       "address": "Essener Straße 20",
         *       "city": "Erfurt",
         *       "country": "DE",
         *       "timezone": "Europe/Berlin",
         *       "capacity": 1500,
         *       "description": "Handball and concerts in the north of the city."
         *     }
         */
        NewVenue: {
            name: string & (string);
            address: string & (string);
            city: string & (string);
            /** @description ISO 3166-1 alpha-2 */
            country: string;
            /** @description IANA time zone */
            timezone: string;
            /** @description People the venue may hold; no plan may exceed it */
            capacity: number;
            description?: string | null;
        };
        /**
         * @example {
         *       "capacity": 1600
         *     }
         */
        VenueChanges: {
            name?: string & (string);
            address?: string & (string);
            city?: string & (string);
            /** @description ISO 3166-1 alpha-2 */
            country?: string;
            /** @description IANA time zone */
            timezone?: string;
            /** @description People the venue may hold; no plan may exceed it */
            capacity?: number;
            description?: string | null;
        };
        /**
         * @example {
         *       "plan": {
         *         "name": "Small hall",
         *         "categories": [
         *           {
         *             "name": "Stalls",
         *             "color": "#1d3557"
         *           }
         *         ],
         *         "zones": [
         *           {
         *             "name": "Main",
         *             "position": {
         *               "x": 0,
         *               "y": 0
         *             },
         *             "rows": [
         *               {
         *                 "row_number": "1",
         *                 "position": {
         *                   "x": 0,
         *                   "y": 0
         *                 },
         *                 "seats": [
         *                   {
         *                     "seat_guid": "M-1-1",
         *                     "seat_number": "1",
         *                     "position": {
         *                       "x": 20,
         *                       "y": 20
         *                     },
         *                     "category": "Stalls"
         *                   },
         *                   {
         *                     "seat_guid": "M-1-2",
         *                     "seat_number": "2",
         *                     "position": {
         *                       "x": 44,
         *                       "y": 20
         *                     },
         *                     "category": "Stalls"
         *                   }
         *                 ]
         *               }
         *             ],
         *             "areas": []
         *           }
         *         ],
         *         "size": {
         *           "width": 200,
         *           "height": 100
         *         }
         *       },
         *       "accessible": [
         *         "M-1-1"
         *       ],
         *       "areas": [
         *         {
         *           "name": "Standing",
         *           "capacity": 248
         *         }
         *       ]
         *     }
         */
        NewSeatingPlan: {
            plan: components["schemas"]["SeatingPlanDocument"];
            /** @description seat_guid of every accessible seat */
            accessible?: string[];
            /** @description General-admission areas: places without seats */
            areas?: {
                name: string;
                capacity: number;
            }[];
        };
        /**
         * @description A seating plan in the JSON format of pretix, of the public schema or as its editor exports it. Unknown fields are kept.
         * @example {
         *       "name": "Small hall",
         *       "categories": [
         *         {
         *           "name": "Stalls",
         *           "color": "#1d3557"
         *         }
         *       ],
         *       "zones": [
         *         {
         *           "name": "Main",
         *           "position": {
         *             "x": 0,
         *             "y": 0
         *           },
         *           "rows": [
         *             {
         *               "row_number": "1",
         *               "position": {
         *                 "x": 0,
         *                 "y": 0
         *               },
         *               "seats": [
         *                 {
         *                   "seat_guid": "M-1-1",
         *                   "seat_number": "1",
         *                   "position": {
         *                     "x": 20,
         *                     "y": 20
         *                   },
         *                   "category": "Stalls"
         *                 },
         *                 {
         *                   "seat_guid": "M-1-2",
         *                   "seat_number": "2",
         *                   "position": {
         *                     "x": 44,
         *                     "y": 20
         *                   },
         *                   "category": "Stalls"
         *                 }
         *               ]
         *             }
         *           ],
         *           "areas": []
         *         }
         *       ],
         *       "size": {
         *         "width": 200,
         *         "height": 100
         *       }
         *     }
         */
        SeatingPlanDocument: {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "id": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b49",
         *       "venueId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
         *       "version": 1,
         *       "name": "Small hall",
         *       "seatCount": 2,
         *       "placeCount": 250,
         *       "createdAt": "2026-06-01T08:00:00.000Z"
         *     }
         */
        SeatingPlan: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            venueId: string;
            /** @description 1, 2, 3 … within the venue */
            version: number;
            name: string;
            seatCount: number;
            /** @description Seats and places of areas together */
            placeCount: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b49",
         *           "venueId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
         *           "version": 1,
         *           "name": "Small hall",
         *           "seatCount": 2,
         *           "placeCount": 250,
         *           "createdAt": "2026-06-01T08:00:00.000Z"
         *         }
         *       ],
         *       "next": null,
         *       "total": 1
         *     }
         */
        SeatingPlanList: {
            data: components["schemas"]["SeatingPlan"][];
            /** @enum {string|null} */
            next: null;
            total: number;
        };
        /**
         * @example {
         *       "id": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b49",
         *       "venueId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
         *       "version": 1,
         *       "name": "Small hall",
         *       "seatCount": 2,
         *       "placeCount": 250,
         *       "createdAt": "2026-06-01T08:00:00.000Z",
         *       "accessible": [
         *         "M-1-1"
         *       ],
         *       "areas": [
         *         {
         *           "name": "Standing",
         *           "capacity": 248
         *         }
         *       ],
         *       "plan": {
         *         "name": "Small hall",
         *         "categories": [
         *           {
         *             "name": "Stalls",
         *             "color": "#1d3557"
         *           }
         *         ],
         *         "zones": [
         *           {
         *             "name": "Main",
         *             "position": {
         *               "x": 0,
         *               "y": 0
         *             },
         *             "rows": [
         *               {
         *                 "row_number": "1",
         *                 "position": {
         *                   "x": 0,
         *                   "y": 0
         *                 },
         *                 "seats": [
         *                   {
         *                     "seat_guid": "M-1-1",
         *                     "seat_number": "1",
         *                     "position": {
         *                       "x": 20,
         *                       "y": 20
         *                     },
         *                     "category": "Stalls"
         *                   },
         *                   {
         *                     "seat_guid": "M-1-2",
         *                     "seat_number": "2",
         *                     "position": {
         *                       "x": 44,
         *                       "y": 20
         *                     },
         *                     "category": "Stalls"
         *                   }
         *                 ]
         *               }
         *             ],
         *             "areas": []
         *           }
         *         ],
         *         "size": {
         *           "width": 200,
         *           "height": 100
         *         }
         *       }
         *     }
         */
        SeatingPlanExport: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            venueId: string;
            /** @description 1, 2, 3 … within the venue */
            version: number;
            name: string;
            seatCount: number;
            /** @description Seats and places of areas together */
            placeCount: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /** @description seat_guid of every accessible seat */
            accessible: string[];
            /** @description General-admission areas: places without seats */
            areas: {
                name: string;
                capacity: number;
            }[];
            plan: components["schemas"]["SeatingPlanDocument"];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-000000000003",
         *           "organizerId": "019ab0c0-0000-7000-8000-000000000004",
         *           "title": "Season opening",
         *           "category": "Handball",
         *           "startsAt": "2027-09-04T17:00:00.000Z",
         *           "endsAt": "2027-09-04T19:00:00.000Z",
         *           "timezone": "Europe/Berlin",
         *           "currency": "EUR",
         *           "saleStartsAt": null,
         *           "saleEndsAt": "2027-09-04T16:00:00.000Z",
         *           "imageUrl": null,
         *           "image": {
         *             "hash": "9f86d081884c7d659a2feaa0c55ad015",
         *             "width": 1600,
         *             "height": 900,
         *             "widths": [
         *               320,
         *               640,
         *               960,
         *               1280,
         *               1600
         *             ]
         *           },
         *           "status": "published",
         *           "sandbox": false,
         *           "salePausedAt": null,
         *           "publishedAt": "2027-06-01T09:00:00.000Z",
         *           "venue": {
         *             "id": "019ab0c0-0000-7000-8000-000000000001",
         *             "name": "Riethsporthalle",
         *             "city": "Erfurt",
         *             "country": "DE"
         *           },
         *           "fromPrice": 1200,
         *           "places": 1500,
         *           "freePlaces": 1321
         *         }
         *       ],
         *       "next": null,
         *       "total": 1
         *     }
         */
        EventList: {
            data: components["schemas"]["EventSummary"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
            total: number;
        };
        EventSummary: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            organizerId: string;
            title: string;
            category: string;
            /** @enum {string} */
            status: "draft" | "published" | "cancelled" | "completed";
            /** @description For trying things out: only members and test keys see it */
            sandbox: boolean;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            startsAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            endsAt: string;
            timezone: string;
            currency: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            saleStartsAt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            saleEndsAt: string | null;
            /**
             * Format: date-time
             * @description Since when no new place can be held; null: the sale is not paused
             */
            salePausedAt: string | null;
            /** @description A picture elsewhere */
            imageUrl: string | null;
            /** @description A picture that was uploaded; then imageUrl is null */
            image: {
                /** @description Read the picture with GET /images/{hash} */
                hash: string;
                /** @description Pixels of the largest size */
                width: number;
                height: number;
                /** @description Widths in which it is kept as WebP, from the smallest */
                widths: number[];
            } | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            publishedAt: string | null;
            venue: {
                /** Format: uuid */
                id: string;
                name: string;
                city: string;
                country: string;
            };
            /** @description The cheapest tier */
            fromPrice: number | null;
            /** @description Seats and places in all; 0 before publishing */
            places: number;
            /** @description A moment old; the seat map has the exact number */
            freePlaces: number;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-000000000003",
         *           "organizerId": "019ab0c0-0000-7000-8000-000000000004",
         *           "title": "Season opening",
         *           "category": "Handball",
         *           "startsAt": "2027-09-04T17:00:00.000Z",
         *           "endsAt": "2027-09-04T19:00:00.000Z",
         *           "timezone": "Europe/Berlin",
         *           "currency": "EUR",
         *           "saleStartsAt": null,
         *           "saleEndsAt": "2027-09-04T16:00:00.000Z",
         *           "imageUrl": null,
         *           "image": {
         *             "hash": "9f86d081884c7d659a2feaa0c55ad015",
         *             "width": 1600,
         *             "height": 900,
         *             "widths": [
         *               320,
         *               640,
         *               960,
         *               1280,
         *               1600
         *             ]
         *           },
         *           "status": "published",
         *           "sandbox": false,
         *           "salePausedAt": null,
         *           "publishedAt": "2027-06-01T09:00:00.000Z",
         *           "venue": {
         *             "id": "019ab0c0-0000-7000-8000-000000000001",
         *             "name": "Riethsporthalle",
         *             "city": "Erfurt",
         *             "country": "DE"
         *           },
         *           "fromPrice": 1200,
         *           "places": 1500,
         *           "freePlaces": 1321
         *         }
         *       ]
         *     }
         */
        PopularEvents: {
            data: components["schemas"]["EventSummary"][];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "category": "Handball",
         *           "events": 12
         *         }
         *       ]
         *     }
         */
        EventCategories: {
            data: {
                category: string;
                /** @description Still to come */
                events: number;
            }[];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "city": "Erfurt",
         *           "events": 12
         *         }
         *       ]
         *     }
         */
        EventCities: {
            data: {
                city: string;
                /** @description Still to come */
                events: number;
            }[];
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-000000000003",
         *       "organizerId": "019ab0c0-0000-7000-8000-000000000004",
         *       "venueId": "019ab0c0-0000-7000-8000-000000000001",
         *       "planId": "019ab0c0-0000-7000-8000-000000000002",
         *       "title": "Season opening",
         *       "description": "First home match, with **music** before it.",
         *       "category": "Handball",
         *       "startsAt": "2027-09-04T17:00:00.000Z",
         *       "endsAt": "2027-09-04T19:00:00.000Z",
         *       "doorsAt": "2027-09-04T16:00:00.000Z",
         *       "minAge": 6,
         *       "durationMinutes": 90,
         *       "timezone": "Europe/Berlin",
         *       "currency": "EUR",
         *       "saleStartsAt": null,
         *       "saleEndsAt": "2027-09-04T16:00:00.000Z",
         *       "maxSeatsPerBooking": 10,
         *       "maxSeatsPerBuyer": null,
         *       "holdSeconds": 600,
         *       "refundPolicy": {
         *         "fullUntilHours": 0,
         *         "partialUntilHours": null,
         *         "partialPercent": 0,
         *         "feePerTicket": 0,
         *         "refundFees": true
         *       },
         *       "imageUrl": null,
         *       "image": {
         *         "hash": "9f86d081884c7d659a2feaa0c55ad015",
         *         "width": 1600,
         *         "height": 900,
         *         "widths": [
         *           320,
         *           640,
         *           960,
         *           1280,
         *           1600
         *         ]
         *       },
         *       "status": "published",
         *       "sandbox": false,
         *       "salePausedAt": null,
         *       "salePauseReason": null,
         *       "cancelledAt": null,
         *       "cancellationReason": null,
         *       "version": 3,
         *       "publishedAt": "2027-06-01T09:00:00.000Z",
         *       "createdAt": "2027-05-31T12:00:00.000Z",
         *       "updatedAt": "2027-06-01T09:00:00.000Z",
         *       "priceTiers": [
         *         {
         *           "no": 0,
         *           "name": "Stand",
         *           "price": 2400,
         *           "category": "Kat. 1",
         *           "area": null
         *         },
         *         {
         *           "no": 1,
         *           "name": "Standing",
         *           "price": 1200,
         *           "category": null,
         *           "area": "Stehplatz"
         *         }
         *       ]
         *     }
         */
        Event: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            organizerId: string;
            title: string;
            category: string;
            /** @enum {string} */
            status: "draft" | "published" | "cancelled" | "completed";
            /** @description For trying things out: only members and test keys see it */
            sandbox: boolean;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            startsAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            endsAt: string;
            timezone: string;
            currency: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            saleStartsAt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            saleEndsAt: string | null;
            /**
             * Format: date-time
             * @description Since when no new place can be held; null: the sale is not paused
             */
            salePausedAt: string | null;
            /** @description A picture elsewhere */
            imageUrl: string | null;
            /** @description A picture that was uploaded; then imageUrl is null */
            image: {
                /** @description Read the picture with GET /images/{hash} */
                hash: string;
                /** @description Pixels of the largest size */
                width: number;
                height: number;
                /** @description Widths in which it is kept as WebP, from the smallest */
                widths: number[];
            } | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            publishedAt: string | null;
            /** Format: uuid */
            venueId: string;
            /** Format: uuid */
            planId: string;
            description: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            doorsAt: string | null;
            minAge: number | null;
            durationMinutes: number | null;
            maxSeatsPerBooking: number;
            maxSeatsPerBuyer: number | null;
            holdSeconds: number;
            refundPolicy: components["schemas"]["RefundPolicy"];
            /** @description The organizer's words about the pause, for buyers */
            salePauseReason: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            cancelledAt: string | null;
            cancellationReason: string | null;
            /** @description Grows with every edit; the ETag carries it */
            version: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            updatedAt: string;
            priceTiers: {
                no: number;
                name: string;
                /** @description Integer minor units of the currency */
                price: number;
                category: string | null;
                area: string | null;
            }[];
        };
        RefundPolicy: {
            /** @description Hours before the start until which the whole price is paid back; null: never */
            fullUntilHours: number | null;
            /** @description After that, until when a part of it is; null: never */
            partialUntilHours: number | null;
            /** @description That part, rounded down for each ticket */
            partialPercent: number;
            /** @description Part of each price that is a fee */
            feePerTicket: number;
            /** @description false: fees are kept, also when the rest is paid back */
            refundFees: boolean;
        };
        /**
         * @example {
         *       "venueId": "019ab0c0-0000-7000-8000-000000000001",
         *       "planId": "019ab0c0-0000-7000-8000-000000000002",
         *       "title": "Season opening",
         *       "description": "First home match, with **music** before it.",
         *       "category": "Handball",
         *       "startsAt": "2027-09-04T17:00:00.000Z",
         *       "endsAt": "2027-09-04T19:00:00.000Z",
         *       "doorsAt": "2027-09-04T16:00:00.000Z",
         *       "minAge": 6,
         *       "durationMinutes": 90,
         *       "timezone": "Europe/Berlin",
         *       "currency": "EUR",
         *       "saleStartsAt": null,
         *       "saleEndsAt": "2027-09-04T16:00:00.000Z",
         *       "maxSeatsPerBooking": 10,
         *       "maxSeatsPerBuyer": null,
         *       "holdSeconds": 600,
         *       "refundPolicy": {
         *         "fullUntilHours": 0,
         *         "partialUntilHours": null,
         *         "partialPercent": 0,
         *         "feePerTicket": 0,
         *         "refundFees": true
         *       },
         *       "imageUrl": null,
         *       "priceTiers": [
         *         {
         *           "name": "Stand",
         *           "price": 2400,
         *           "category": "Kat. 1"
         *         },
         *         {
         *           "name": "Standing",
         *           "price": 1200,
         *           "area": "Stehplatz"
         *         }
         *       ]
         *     }
         */
        NewEvent: {
            /** Format: uuid */
            venueId: string;
            /**
             * Format: uuid
             * @description A seating plan of that venue
             */
            planId: string;
            title: string & (string);
            /**
             * @description Markdown (CommonMark); HTML in it is text, and pictures are not shown
             * @default
             */
            description?: string;
            /** @description Free text, such as Handball; compared without case and accents. Common ones are shown in the reader's language */
            category: string & (string);
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            startsAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            endsAt: string;
            /**
             * Format: date-time
             * @description When people are let in: at most 24 hours before startsAt; null: not said
             */
            doorsAt?: string | null;
            /**
             * @description Years that a visitor must have; null: not said
             * @default null
             */
            minAge?: number | null;
            /**
             * @description Length of the performance with its intervals; null: not said
             * @default null
             */
            durationMinutes?: number | null;
            /** @description The venue's when absent */
            timezone?: string;
            currency: string;
            /**
             * Format: date-time
             * @description Null: on sale from publishing on
             */
            saleStartsAt?: string | null;
            /**
             * Format: date-time
             * @description Null: on sale until the event ends
             */
            saleEndsAt?: string | null;
            /** @default 10 */
            maxSeatsPerBooking?: number;
            /**
             * @description Null: no limit
             * @default null
             */
            maxSeatsPerBuyer?: number | null;
            /**
             * @description How long a hold lasts
             * @default 600
             */
            holdSeconds?: number;
            /**
             * @default {
             *       "fullUntilHours": 0,
             *       "partialUntilHours": null,
             *       "partialPercent": 0,
             *       "feePerTicket": 0,
             *       "refundFees": true
             *     }
             */
            refundPolicy?: components["schemas"]["RefundPolicyInput"];
            /**
             * @description A picture elsewhere; it takes the place of one that was uploaded
             * @default null
             */
            imageUrl?: string | null;
            /**
             * @description Picture that another event has, for a copy of it
             * @default null
             */
            imageHash?: string | null;
            /**
             * @description For trying things out: only members and test keys see it, its payments move no money, and its tickets say TEST. Never changes afterwards
             * @default false
             */
            sandbox?: boolean;
            /** @default [] */
            priceTiers?: {
                name: string & (string);
                /** @description Integer minor units of the currency */
                price: number;
                /** @description Name of a seat category of the plan */
                category?: string;
                /** @description Name of a general-admission area of the plan */
                area?: string;
            }[];
        };
        /**
         * @example {
         *       "fullUntilHours": 168,
         *       "partialUntilHours": 24,
         *       "partialPercent": 50,
         *       "feePerTicket": 150,
         *       "refundFees": false
         *     }
         */
        RefundPolicyInput: {
            /**
             * @description Hours before the start until which the whole price is paid back; null: never
             * @default 0
             */
            fullUntilHours?: number | null;
            /**
             * @description After that, until when a part of it is; null: never
             * @default null
             */
            partialUntilHours?: number | null;
            /**
             * @description That part, rounded down for each ticket
             * @default 0
             */
            partialPercent?: number;
            /**
             * @description Part of each price that is a fee
             * @default 0
             */
            feePerTicket?: number;
            /**
             * @description false: fees are kept, also when the rest is paid back
             * @default true
             */
            refundFees?: boolean;
        };
        /**
         * @example {
         *       "title": "Season opening",
         *       "maxSeatsPerBooking": 6
         *     }
         */
        EventEdit: {
            /** Format: uuid */
            venueId?: string;
            /**
             * Format: uuid
             * @description A seating plan of that venue
             */
            planId?: string;
            title?: string & (string);
            /** @description Markdown (CommonMark); HTML in it is text, and pictures are not shown */
            description?: string;
            /** @description Free text, such as Handball; compared without case and accents. Common ones are shown in the reader's language */
            category?: string & (string);
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            startsAt?: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            endsAt?: string;
            /**
             * Format: date-time
             * @description When people are let in: at most 24 hours before startsAt; null: not said
             */
            doorsAt?: string | null;
            /** @description Years that a visitor must have; null: not said */
            minAge?: number | null;
            /** @description Length of the performance with its intervals; null: not said */
            durationMinutes?: number | null;
            timezone?: string;
            currency?: string;
            /**
             * Format: date-time
             * @description Null: on sale from publishing on
             */
            saleStartsAt?: string | null;
            /**
             * Format: date-time
             * @description Null: on sale until the event ends
             */
            saleEndsAt?: string | null;
            maxSeatsPerBooking?: number;
            /** @description Null: no limit */
            maxSeatsPerBuyer?: number | null;
            /** @description How long a hold lasts */
            holdSeconds?: number;
            refundPolicy?: components["schemas"]["RefundPolicyInput"];
            /** @description A picture elsewhere; it takes the place of one that was uploaded */
            imageUrl?: string | null;
        };
        /**
         * @example {
         *       "reason": "We are checking the seating plan and go on at noon."
         *     }
         */
        SalePause: {
            /** @description Shown to buyers while the sale is paused */
            reason?: string & (string);
        };
        /**
         * @example {
         *       "version": 3,
         *       "priceTiers": [
         *         {
         *           "no": 0,
         *           "name": "Stand",
         *           "price": 2400,
         *           "category": "Kat. 1",
         *           "area": null
         *         },
         *         {
         *           "no": 1,
         *           "name": "Standing",
         *           "price": 1200,
         *           "category": null,
         *           "area": "Stehplatz"
         *         }
         *       ]
         *     }
         */
        PriceTiers: {
            /** @description Version of the event */
            version: number;
            priceTiers: {
                no: number;
                name: string;
                /** @description Integer minor units of the currency */
                price: number;
                category: string | null;
                area: string | null;
            }[];
        };
        /**
         * @example {
         *       "priceTiers": [
         *         {
         *           "name": "Stand",
         *           "price": 2400,
         *           "category": "Kat. 1"
         *         },
         *         {
         *           "name": "Standing",
         *           "price": 1200,
         *           "area": "Stehplatz"
         *         }
         *       ]
         *     }
         */
        PriceTiersInput: {
            priceTiers: {
                name: string & (string);
                /** @description Integer minor units of the currency */
                price: number;
                /** @description Name of a seat category of the plan */
                category?: string;
                /** @description Name of a general-admission area of the plan */
                area?: string;
            }[];
        };
        /**
         * @example {
         *       "origin": "https://shop.example.org",
         *       "customer": {
         *         "reference": "C-1042",
         *         "name": "Ada Byron",
         *         "email": "ada@example.org",
         *         "locale": "en"
         *       },
         *       "minutes": 30
         *     }
         */
        NewBuyerSession: {
            /** @description Origin of the pages that may use the session */
            origin: string;
            customer: {
                /** @description By what the shop knows its customer, such as a number: the same reference is the same buyer. No address or name, since it is no secret of the customer */
                reference: string & (string);
                /** @description As it should appear on tickets; absent: as it was, if it was given before */
                name?: string & (string);
                /**
                 * Format: email
                 * @description Where tickets, and changes of them, are sent; absent: as it was
                 */
                email?: string;
                /**
                 * @description Language of names of places, tickets and mails
                 * @enum {string}
                 */
                locale?: "en" | "de";
            };
            /**
             * @description How long the session lasts; it is not renewed, and holds outlive it
             * @default 30
             */
            minutes?: number;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *       "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImJ1eWVyK2p3dCJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl",
         *       "expiresAt": "2027-08-01T10:30:00.000Z",
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "origin": "https://shop.example.org",
         *       "customerId": "019ab0c0-0000-7000-8000-0000000000d2"
         *     }
         */
        BuyerSession: {
            /** Format: uuid */
            id: string;
            /** @description For the browser, as `Authorization: Bearer …`; in this answer only */
            token: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            expiresAt: string;
            /** Format: uuid */
            eventId: string;
            origin: string;
            /** Format: uuid */
            customerId: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d2",
         *           "organisationId": "019ab0c0-0000-7000-8000-000000000004",
         *           "reference": "C-1042",
         *           "name": "Ada Byron",
         *           "email": "ada@example.org",
         *           "locale": "en",
         *           "createdAt": "2027-07-01T09:00:00.000Z"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        CustomerPage: {
            data: components["schemas"]["Customer"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d2",
         *       "organisationId": "019ab0c0-0000-7000-8000-000000000004",
         *       "reference": "C-1042",
         *       "name": "Ada Byron",
         *       "email": "ada@example.org",
         *       "locale": "en",
         *       "createdAt": "2027-07-01T09:00:00.000Z"
         *     }
         */
        Customer: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            organisationId: string;
            reference: string;
            name: string | null;
            email: string | null;
            /** @enum {string} */
            locale: "en" | "de";
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
        };
        /**
         * @example {
         *       "customer": {
         *         "id": "019ab0c0-0000-7000-8000-0000000000d2",
         *         "organisationId": "019ab0c0-0000-7000-8000-000000000004",
         *         "reference": "C-1042",
         *         "name": "Ada Byron",
         *         "email": "ada@example.org",
         *         "locale": "en",
         *         "createdAt": "2027-07-01T09:00:00.000Z"
         *       },
         *       "records": {
         *         "ticket": [
         *           {
         *             "id": "019ab0c0-0000-7000-8000-0000000000e1"
         *           }
         *         ]
         *       }
         *     }
         */
        CustomerExport: {
            customer: components["schemas"]["Customer"];
            /** @description Everything else, as it is stored: rows by table (bookings, payments, tickets, ...) */
            records: {
                [key: string]: {
                    [key: string]: unknown;
                }[];
            };
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-000000000003",
         *       "organizerId": "019ab0c0-0000-7000-8000-000000000004",
         *       "venueId": "019ab0c0-0000-7000-8000-000000000001",
         *       "planId": "019ab0c0-0000-7000-8000-000000000002",
         *       "title": "Season opening",
         *       "description": "First home match, with **music** before it.",
         *       "category": "Handball",
         *       "startsAt": "2027-09-04T17:00:00.000Z",
         *       "endsAt": "2027-09-04T19:00:00.000Z",
         *       "doorsAt": "2027-09-04T16:00:00.000Z",
         *       "minAge": 6,
         *       "durationMinutes": 90,
         *       "timezone": "Europe/Berlin",
         *       "currency": "EUR",
         *       "saleStartsAt": null,
         *       "saleEndsAt": "2027-09-04T16:00:00.000Z",
         *       "maxSeatsPerBooking": 10,
         *       "maxSeatsPerBuyer": null,
         *       "holdSeconds": 600,
         *       "refundPolicy": {
         *         "fullUntilHours": 0,
         *         "partialUntilHours": null,
         *         "partialPercent": 0,
         *         "feePerTicket": 0,
         *         "refundFees": true
         *       },
         *       "imageUrl": null,
         *       "image": {
         *         "hash": "9f86d081884c7d659a2feaa0c55ad015",
         *         "width": 1600,
         *         "height": 900,
         *         "widths": [
         *           320,
         *           640,
         *           960,
         *           1280,
         *           1600
         *         ]
         *       },
         *       "status": "published",
         *       "sandbox": false,
         *       "salePausedAt": null,
         *       "salePauseReason": null,
         *       "cancelledAt": null,
         *       "cancellationReason": null,
         *       "version": 3,
         *       "publishedAt": "2027-06-01T09:00:00.000Z",
         *       "createdAt": "2027-05-31T12:00:00.000Z",
         *       "updatedAt": "2027-06-01T09:00:00.000Z",
         *       "priceTiers": [
         *         {
         *           "no": 0,
         *           "name": "Stand",
         *           "price": 2400,
         *           "category": "Kat. 1",
         *           "area": null
         *         },
         *         {
         *           "no": 1,
         *           "name": "Standing",
         *           "price": 1200,
         *           "category": null,
         *           "area": "Stehplatz"
         *         }
         *       ],
         *       "warnings": []
         *     }
         */
        PublishedEvent: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            organizerId: string;
            title: string;
            category: string;
            /** @enum {string} */
            status: "draft" | "published" | "cancelled" | "completed";
            /** @description For trying things out: only members and test keys see it */
            sandbox: boolean;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            startsAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            endsAt: string;
            timezone: string;
            currency: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            saleStartsAt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            saleEndsAt: string | null;
            /**
             * Format: date-time
             * @description Since when no new place can be held; null: the sale is not paused
             */
            salePausedAt: string | null;
            /** @description A picture elsewhere */
            imageUrl: string | null;
            /** @description A picture that was uploaded; then imageUrl is null */
            image: {
                /** @description Read the picture with GET /images/{hash} */
                hash: string;
                /** @description Pixels of the largest size */
                width: number;
                height: number;
                /** @description Widths in which it is kept as WebP, from the smallest */
                widths: number[];
            } | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            publishedAt: string | null;
            /** Format: uuid */
            venueId: string;
            /** Format: uuid */
            planId: string;
            description: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            doorsAt: string | null;
            minAge: number | null;
            durationMinutes: number | null;
            maxSeatsPerBooking: number;
            maxSeatsPerBuyer: number | null;
            holdSeconds: number;
            refundPolicy: components["schemas"]["RefundPolicy"];
            /** @description The organizer's words about the pause, for buyers */
            salePauseReason: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            cancelledAt: string | null;
            cancellationReason: string | null;
            /** @description Grows with every edit; the ETag carries it */
            version: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            updatedAt: string;
            priceTiers: {
                no: number;
                name: string;
                /** @description Integer minor units of the currency */
                price: number;
                category: string | null;
                area: string | null;
            }[];
            /** @description Warnings for the organizer; the event is on sale all the same */
            warnings: components["schemas"]["PublishWarning"][];
        };
        /**
         * @example {
         *       "code": "characters_not_printed",
         *       "where": "title",
         *       "characters": [
         *         "ᠮ"
         *       ],
         *       "detail": "These characters cannot be printed on tickets: ᠮ"
         *     }
         */
        PublishWarning: {
            /** @enum {string} */
            code: "characters_not_printed";
            /**
             * @description Text that has these characters
             * @enum {string}
             */
            where: "title" | "venue" | "seats" | "areas";
            /** @description Each once; tickets show U+FFFD in their place */
            characters: string[];
            detail: string;
        };
        /**
         * @example {
         *       "seats": [
         *         100,
         *         101,
         *         102
         *       ]
         *     }
         */
        SeatList: {
            /** @description Seat numbers n */
            seats: number[];
        };
        /**
         * @example {
         *       "changed": 3
         *     }
         */
        ChangedSeats: {
            /** @description Seats that were not in that state before */
            changed: number;
        };
        /**
         * @example {
         *       "planId": "019ab0c0-0000-7000-8000-000000000002",
         *       "name": "Small hall",
         *       "width": 200,
         *       "height": 100,
         *       "count": 2,
         *       "sections": [
         *         "Main"
         *       ],
         *       "categories": [
         *         {
         *           "name": "Stalls",
         *           "color": "#1d3557"
         *         }
         *       ],
         *       "areas": [
         *         {
         *           "name": "Standing",
         *           "capacity": 248
         *         }
         *       ],
         *       "shapes": [],
         *       "seats": {
         *         "x": [
         *           20,
         *           44
         *         ],
         *         "y": [
         *           20,
         *           20
         *         ],
         *         "label": [
         *           "Main-1-1",
         *           "Main-1-2"
         *         ],
         *         "row": [
         *           "1",
         *           "1"
         *         ],
         *         "number": [
         *           "1",
         *           "2"
         *         ],
         *         "section": [
         *           0,
         *           0
         *         ],
         *         "category": [
         *           0,
         *           0
         *         ]
         *       },
         *       "accessible": [
         *         0
         *       ]
         *     }
         */
        SeatMap: {
            /** Format: uuid */
            planId: string;
            name: string;
            width: number;
            height: number;
            count: number;
            sections: string[];
            /** @description Index of the section whose name was made up: no part of the names of its seats */
            unnamed?: number;
            categories: {
                name: string;
                color: string;
            }[];
            areas: {
                name: string;
                capacity: number;
            }[];
            /** @description Shapes drawn besides seats */
            shapes: ({
                /** @enum {string} */
                kind: "rectangle" | "ellipse" | "polygon" | "text";
            } & {
                [key: string]: unknown;
            })[];
            /** @description Columns over n; section and category are indexes into the lists above */
            seats: {
                x: number[];
                y: number[];
                /** @description Not with `labels=false` */
                label?: string[];
                row: string[];
                number: string[];
                section: number[];
                category: number[];
            };
            /** @description Seat numbers n */
            accessible: number[];
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "epoch": "5e0c1b7a9f42",
         *       "seq": 4711,
         *       "count": 6,
         *       "states": "hAE=",
         *       "sections": [
         *         {
         *           "name": "Block A",
         *           "free": 3,
         *           "held": 2,
         *           "booked": 1,
         *           "blocked": 0
         *         }
         *       ],
         *       "areas": [
         *         {
         *           "area": "Standing",
         *           "capacity": 248,
         *           "held": 4,
         *           "booked": 120
         *         }
         *       ],
         *       "prices": {
         *         "version": 1,
         *         "categories": [
         *           {
         *             "category": "Stalls",
         *             "price": 2400
         *           }
         *         ],
         *         "areas": [
         *           {
         *             "area": "Standing",
         *             "price": 1200
         *           }
         *         ]
         *       }
         *     }
         */
        SeatStates: {
            /** Format: uuid */
            eventId: string;
            /** @description Names the history that seq counts in; another one after a restore */
            epoch: string;
            /** @description Number of the last change that this covers */
            seq: number;
            /** @description Number of seats */
            count: number;
            /** @description Base64 of ceil(count / 4) bytes; seat n is (byte[n >> 2] >> ((n & 3) * 2)) & 3: 0 free, 1 held, 2 booked, 3 blocked */
            states: string;
            sections: {
                name: string;
                free: number;
                held: number;
                booked: number;
                blocked: number;
            }[];
            areas: {
                area: string;
                capacity: number;
                held: number;
                booked: number;
            }[];
            /** @description In the currency of the event; what has no price is not for sale */
            prices: {
                version: number;
                categories: {
                    category: string;
                    /** @description Integer minor units of the currency */
                    price: number;
                }[];
                areas: {
                    area: string;
                    /** @description Integer minor units of the currency */
                    price: number;
                }[];
            };
            /**
             * Format: date-time
             * @description The moment that was asked for; absent for now
             */
            at?: string;
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
         *       "epoch": "5e0c1b7a9f42",
         *       "from": 4711,
         *       "to": 4714,
         *       "changes": [
         *         [
         *           17,
         *           1
         *         ],
         *         [
         *           18,
         *           1
         *         ],
         *         [
         *           230,
         *           0
         *         ]
         *       ],
         *       "areas": [
         *         [
         *           "Standing",
         *           6,
         *           120
         *         ]
         *       ],
         *       "priceVersion": 1
         *     }
         */
        SeatChanges: {
            /** Format: uuid */
            eventId: string;
            /** @description Names the history that seq counts in; another one after a restore */
            epoch: string;
            /** @description Covers the changes after this */
            from: number;
            /** @description up to and with this */
            to: number;
            /** @description [n, state] of every seat touched, once, with its state at `to` */
            changes: (number)[][];
            /** @description [area, held, booked] of every area touched */
            areas?: (string | number)[][];
            /** @description Another one than that of the state you have: its prices are out of date, or the sale of the event has changed */
            priceVersion: number;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "type": "booking.held",
         *           "at": "2027-08-01T10:00:00.000Z",
         *           "bookingId": "019ab0c0-0000-7000-8000-000000000004",
         *           "actor": "019ab0c0-0000-7000-8000-000000000005"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        SeatHistory: {
            data: {
                type: string;
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                at: string;
                /** Format: uuid */
                bookingId: string | null;
                /**
                 * Format: uuid
                 * @description Who did it; null when time did
                 */
                actor: string | null;
            }[];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "seats": [
         *         17,
         *         18
         *       ]
         *     }
         */
        NewHold: {
            /** @description Seat numbers n */
            seats?: number[];
            /** @description General-admission places by the name of the area */
            areas?: {
                area: string;
                quantity: number;
            }[];
            /** @description The best seats left for a group */
            best?: {
                quantity: number;
                categories?: string[];
                /** @description Accessible seats only */
                accessible?: boolean;
                /** @description true: next to each other or not at all; absent: where possible */
                together?: boolean;
                /** @description Highest price of one seat */
                maxPrice?: number;
            };
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "code": "K7RM-2XQF",
         *       "status": "held",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "expiresAt": "2027-08-01T10:10:00.000Z",
         *       "currency": "EUR",
         *       "total": 3600,
         *       "items": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000c1",
         *           "status": "held",
         *           "seat": {
         *             "n": 17,
         *             "label": "Block A-3-12"
         *           },
         *           "area": null,
         *           "place": {
         *             "block": "Block A",
         *             "row": "3",
         *             "seat": "12",
         *             "text": "Block A, row 3, seat 12"
         *           },
         *           "price": 2400
         *         },
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000c2",
         *           "status": "held",
         *           "seat": null,
         *           "area": "Stehplatz",
         *           "place": {
         *             "block": "Stehplatz",
         *             "row": null,
         *             "seat": null,
         *             "text": "Stehplatz"
         *           },
         *           "price": 1200
         *         }
         *       ]
         *     }
         */
        Hold: {
            /** Format: uuid */
            id: string;
            /** @description Short name of the booking for people */
            code: string;
            /** @enum {string} */
            status: "held" | "paying" | "confirmed" | "cancelling" | "cancelled" | "released" | "expired";
            /** Format: uuid */
            eventId: string;
            /**
             * Format: date-time
             * @description Deadline of the hold, or of the payment; null when there is none
             */
            expiresAt: string | null;
            currency: string;
            /** @description As agreed when the hold was made; cancelled items do not change it */
            total: number;
            items: {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                status: "held" | "confirmed" | "cancelling" | "cancelled" | "released" | "expired";
                seat: {
                    /** @description Seat number */
                    n: number;
                    label: string;
                } | null;
                /** @description Name of the general-admission area */
                area: string | null;
                place: components["schemas"]["Place"];
                /** @description Integer minor units of the currency */
                price: number;
            }[];
        };
        /**
         * @example {
         *       "block": "Block A",
         *       "row": "3",
         *       "seat": "12",
         *       "text": "Block A, row 3, seat 12"
         *     }
         */
        Place: {
            /** @description Zone of the plan, or the general-admission area; null when the zone has no name */
            block: string | null;
            /** @description null when the row has no name, and in an area */
            row: string | null;
            /** @description null when the seat has no number, and in an area */
            seat: string | null;
            /** @description The parts that there are as people read them, in the language of the account */
            text: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "code": "K7RM-2XQF",
         *           "status": "confirmed",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "expiresAt": null,
         *           "currency": "EUR",
         *           "total": 3600,
         *           "items": [
         *             {
         *               "id": "019ab0c0-0000-7000-8000-0000000000c1",
         *               "status": "confirmed",
         *               "seat": {
         *                 "n": 17,
         *                 "label": "Block A-3-12"
         *               },
         *               "area": null,
         *               "place": {
         *                 "block": "Block A",
         *                 "row": "3",
         *                 "seat": "12",
         *                 "text": "Block A, row 3, seat 12"
         *               },
         *               "price": 2400
         *             },
         *             {
         *               "id": "019ab0c0-0000-7000-8000-0000000000c2",
         *               "status": "confirmed",
         *               "seat": null,
         *               "area": "Stehplatz",
         *               "place": {
         *                 "block": "Stehplatz",
         *                 "row": null,
         *                 "seat": null,
         *                 "text": "Stehplatz"
         *               },
         *               "price": 1200
         *             }
         *           ],
         *           "createdAt": "2027-08-01T10:00:00.000Z",
         *           "endReason": null
         *         }
         *       ],
         *       "next": null,
         *       "total": 1
         *     }
         */
        BookingPage: {
            data: components["schemas"]["Booking"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
            total: number;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "code": "K7RM-2XQF",
         *       "status": "confirmed",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "expiresAt": null,
         *       "currency": "EUR",
         *       "total": 3600,
         *       "items": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000c1",
         *           "status": "confirmed",
         *           "seat": {
         *             "n": 17,
         *             "label": "Block A-3-12"
         *           },
         *           "area": null,
         *           "place": {
         *             "block": "Block A",
         *             "row": "3",
         *             "seat": "12",
         *             "text": "Block A, row 3, seat 12"
         *           },
         *           "price": 2400
         *         },
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000c2",
         *           "status": "confirmed",
         *           "seat": null,
         *           "area": "Stehplatz",
         *           "place": {
         *             "block": "Stehplatz",
         *             "row": null,
         *             "seat": null,
         *             "text": "Stehplatz"
         *           },
         *           "price": 1200
         *         }
         *       ],
         *       "createdAt": "2027-08-01T10:00:00.000Z",
         *       "endReason": null
         *     }
         */
        Booking: {
            /** Format: uuid */
            id: string;
            /** @description Short name of the booking for people */
            code: string;
            /** @enum {string} */
            status: "held" | "paying" | "confirmed" | "cancelling" | "cancelled" | "released" | "expired";
            /** Format: uuid */
            eventId: string;
            /**
             * Format: date-time
             * @description Deadline of the hold, or of the payment; null when there is none
             */
            expiresAt: string | null;
            currency: string;
            /** @description As agreed when the hold was made; cancelled items do not change it */
            total: number;
            items: {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                status: "held" | "confirmed" | "cancelling" | "cancelled" | "released" | "expired";
                seat: {
                    /** @description Seat number */
                    n: number;
                    label: string;
                } | null;
                /** @description Name of the general-admission area */
                area: string | null;
                place: components["schemas"]["Place"];
                /** @description Integer minor units of the currency */
                price: number;
            }[];
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * @description Why it has ended, or is being cancelled as a whole; null while it is held, being paid or confirmed
             * @enum {unknown}
             */
            endReason: "hold_expired" | "released_by_buyer" | "released_by_organizer" | "payment_not_collected" | "cancelled_by_buyer" | "cancelled_by_organizer" | "event_cancelled" | null;
            /** @description Action the buyer has to take before the payment goes on; shown to nobody else */
            nextAction?: {
                /** @enum {string} */
                type: "confirm";
                /** Format: uri */
                url: string;
            } | {
                /** @enum {string} */
                type: "redirect";
                /** Format: uri */
                url: string;
            } | {
                /** @enum {string} */
                type: "stripe";
                clientSecret: string;
            };
        };
        /**
         * @example {
         *       "approve": true
         *     }
         */
        SandboxAnswer: {
            /**
             * @description false: the buyer gives up, or fails
             * @default true
             */
            approve?: boolean;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *           "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "method": "card",
         *           "provider": "sandbox",
         *           "amount": 3600,
         *           "currency": "EUR",
         *           "status": "captured",
         *           "failure": null,
         *           "createdAt": "2027-08-01T10:02:00.000Z",
         *           "refunds": [
         *             {
         *               "id": "019ab0c0-0000-7000-8000-0000000000f2",
         *               "amount": 1200,
         *               "status": "succeeded",
         *               "createdAt": "2027-08-02T09:00:00.000Z"
         *             }
         *           ]
         *         }
         *       ],
         *       "next": null
         *     }
         */
        PaymentPage: {
            data: components["schemas"]["Payment"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *       "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "method": "card",
         *       "provider": "sandbox",
         *       "amount": 3600,
         *       "currency": "EUR",
         *       "status": "captured",
         *       "failure": null,
         *       "createdAt": "2027-08-01T10:02:00.000Z",
         *       "refunds": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000f2",
         *           "amount": 1200,
         *           "status": "succeeded",
         *           "createdAt": "2027-08-02T09:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        Payment: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            bookingId: string;
            /** Format: uuid */
            eventId: string;
            method: string;
            provider: string;
            /** @description Integer minor units of the currency */
            amount: number;
            currency: string;
            /** @enum {string} */
            status: "created" | "unknown" | "requires_action" | "authorized" | "captured" | "declined" | "voiding" | "voided";
            /** @description Why it was declined */
            failure: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            refunds: {
                /** Format: uuid */
                id: string;
                /** @description Integer minor units of the currency */
                amount: number;
                /** @enum {string} */
                status: "created" | "unknown" | "succeeded" | "refused";
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                createdAt: string;
            }[];
        };
        /**
         * @example {
         *       "provider": "stripe",
         *       "method": "token",
         *       "publishableKey": "pk_test_51Qw1aB2eZvKYlo2C"
         *     }
         */
        PaymentMethod: {
            /** @enum {string} */
            provider: "sandbox" | "stripe";
            /**
             * @description The `payment.method` that a checkout takes now
             * @enum {string}
             */
            method: "card" | "token";
            /** @description For Stripe.js, which makes the token */
            publishableKey: string | null;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "code": "K7RM-2XQF",
         *           "status": "valid",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "bookingCode": "TZ4W-9HBN",
         *           "itemId": "019ab0c0-0000-7000-8000-0000000000c1",
         *           "seat": {
         *             "n": 17,
         *             "label": "Block A-3-12"
         *           },
         *           "area": null,
         *           "place": {
         *             "block": "Block A",
         *             "row": "3",
         *             "seat": "12",
         *             "text": "Block A, row 3, seat 12"
         *           },
         *           "price": 2000,
         *           "currency": "EUR",
         *           "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
         *           "checkedInAt": null,
         *           "issuedAt": "2026-11-25T10:00:00.000Z"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        TicketPage: {
            data: components["schemas"]["Ticket"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *       "code": "K7RM-2XQF",
         *       "status": "valid",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "bookingCode": "TZ4W-9HBN",
         *       "itemId": "019ab0c0-0000-7000-8000-0000000000c1",
         *       "seat": {
         *         "n": 17,
         *         "label": "Block A-3-12"
         *       },
         *       "area": null,
         *       "place": {
         *         "block": "Block A",
         *         "row": "3",
         *         "seat": "12",
         *         "text": "Block A, row 3, seat 12"
         *       },
         *       "price": 2000,
         *       "currency": "EUR",
         *       "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
         *       "checkedInAt": null,
         *       "issuedAt": "2026-11-25T10:00:00.000Z"
         *     }
         */
        Ticket: {
            /** Format: uuid */
            id: string;
            /** @description For people, where a QR code cannot be read; null when somebody else holds the ticket */
            code: string | null;
            /**
             * @description `used`: checked in; `transferred`: you bought it, somebody else holds it
             * @enum {string}
             */
            status: "valid" | "used" | "transferred" | "cancelled";
            /** Format: uuid */
            eventId: string;
            /** Format: uuid */
            bookingId: string;
            bookingCode: string;
            /** Format: uuid */
            itemId: string;
            seat: {
                n: number;
                label: string;
            } | null;
            area: string | null;
            place: components["schemas"]["Place"];
            /** @description Minor units */
            price: number;
            currency: string;
            /** @description Contents of the QR code; only for the holder of a ticket that is valid or used */
            token: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            checkedInAt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            issuedAt: string;
        };
        /**
         * @example {
         *       "keys": [
         *         {
         *           "kty": "OKP",
         *           "crv": "Ed25519",
         *           "use": "sig",
         *           "kid": "00010203",
         *           "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
         *         }
         *       ]
         *     }
         */
        TicketKeys: {
            keys: {
                /** @enum {string} */
                kty: "OKP";
                /** @enum {string} */
                crv: "Ed25519";
                /** @enum {string} */
                use: "sig";
                /** @description Key id of the tokens, hex */
                kid: string;
                /** @description Public key, base64url */
                x: string;
            }[];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "code": "K7RM-2XQF",
         *           "status": "valid",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "bookingCode": "TZ4W-9HBN",
         *           "itemId": "019ab0c0-0000-7000-8000-0000000000c1",
         *           "seat": {
         *             "n": 17,
         *             "label": "Block A-3-12"
         *           },
         *           "area": null,
         *           "place": {
         *             "block": "Block A",
         *             "row": "3",
         *             "seat": "12",
         *             "text": "Block A, row 3, seat 12"
         *           },
         *           "price": 2000,
         *           "currency": "EUR",
         *           "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
         *           "checkedInAt": null,
         *           "issuedAt": "2026-11-25T10:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        TicketList: {
            data: components["schemas"]["Ticket"][];
        };
        /**
         * @example {
         *       "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
         *       "gate": "North"
         *     }
         */
        Scan: {
            /** @description Contents of the QR code */
            token?: string;
            /** @description The code for people, as it is typed: case, spaces and dashes do not matter */
            code?: string;
            /** @description Where it was scanned, as the gates are counted */
            gate: string & (string);
        };
        /**
         * @example {
         *       "ticketId": "019ab0c0-0000-7000-8000-0000000000d1",
         *       "code": "K7RM-2XQF",
         *       "bookingCode": "TZ4W-9HBN",
         *       "holder": "Ada Byron",
         *       "seat": {
         *         "n": 17,
         *         "label": "Block A-3-12"
         *       },
         *       "area": null,
         *       "place": {
         *         "block": "Block A",
         *         "row": "3",
         *         "seat": "12",
         *         "text": "Block A, row 3, seat 12"
         *       },
         *       "checkedInAt": "2026-11-25T18:30:00.000Z",
         *       "gate": "North",
         *       "sandbox": false
         *     }
         */
        Scanned: {
            /** Format: uuid */
            ticketId: string;
            code: string;
            bookingCode: string;
            /** @description Name of the person who holds the ticket; null when the account is deleted */
            holder: string | null;
            seat: {
                n: number;
                label: string;
            } | null;
            area: string | null;
            place: components["schemas"]["Place"];
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            checkedInAt: string | null;
            gate: string | null;
            /** @description The ticket is of a sandbox event: a test that lets nobody in */
            sandbox: boolean;
        };
        /**
         * @example {
         *       "expected": 1250,
         *       "checkedIn": 1100,
         *       "gates": [
         *         {
         *           "gate": "North",
         *           "checkedIn": 1100
         *         }
         *       ]
         *     }
         */
        Attendance: {
            /** @description Tickets that are good */
            expected: number;
            checkedIn: number;
            gates: {
                gate: string;
                checkedIn: number;
            }[];
        };
        /**
         * @example {
         *       "email": "friend@example.org"
         *     }
         */
        TicketOffer: {
            /** Format: email */
            email: string;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *       "ticketId": "019ab0c0-0000-7000-8000-0000000000d1",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "direction": "incoming",
         *       "state": "offered",
         *       "email": "friend@example.org",
         *       "createdAt": "2026-11-25T10:00:00.000Z",
         *       "expiresAt": "2026-12-02T10:00:00.000Z"
         *     }
         */
        TicketTransfer: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            ticketId: string;
            /** Format: uuid */
            eventId: string;
            /** @enum {string} */
            direction: "incoming" | "outgoing";
            /** @enum {string} */
            state: "offered" | "accepted" | "declined" | "withdrawn" | "expired";
            /** @description Address it is offered to; null when the offer is over */
            email: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            expiresAt: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *           "ticketId": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "direction": "incoming",
         *           "state": "offered",
         *           "email": "friend@example.org",
         *           "createdAt": "2026-11-25T10:00:00.000Z",
         *           "expiresAt": "2026-12-02T10:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        TicketTransferList: {
            data: components["schemas"]["TicketTransfer"][];
        };
        /**
         * @example {
         *       "days": 8
         *     }
         */
        PaymentComparison: {
            /**
             * @description How far back to look
             * @default 8
             */
            days?: number;
        };
        /**
         * @example {
         *       "complete": true,
         *       "until": "2027-08-03T04:00:00.000Z"
         *     }
         */
        PaymentComparisonAnswer: {
            /** @description false: the provider did not answer all of it; ask again later */
            complete: boolean;
            /**
             * Format: date-time
             * @description Everything made or refunded before was compared
             */
            until: string | null;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "provider": "stripe",
         *           "kind": "refunded_elsewhere",
         *           "ref": "pi_3Qw1aB2eZvKYlo2C0x1y2z3A",
         *           "paymentId": "019ab0c0-0000-7000-8000-0000000000f1",
         *           "expected": {
         *             "refunded": 0
         *           },
         *           "found": {
         *             "refunded": 1200
         *           },
         *           "status": "open",
         *           "note": null,
         *           "resolvedBy": null,
         *           "foundAt": "2027-08-03T04:00:00.000Z",
         *           "resolvedAt": null
         *         }
         *       ],
         *       "next": null
         *     }
         */
        PaymentDiscrepancyPage: {
            data: components["schemas"]["PaymentDiscrepancy"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *       "provider": "stripe",
         *       "kind": "refunded_elsewhere",
         *       "ref": "pi_3Qw1aB2eZvKYlo2C0x1y2z3A",
         *       "paymentId": "019ab0c0-0000-7000-8000-0000000000f1",
         *       "expected": {
         *         "refunded": 0
         *       },
         *       "found": {
         *         "refunded": 1200
         *       },
         *       "status": "open",
         *       "note": null,
         *       "resolvedBy": null,
         *       "foundAt": "2027-08-03T04:00:00.000Z",
         *       "resolvedAt": null
         *     }
         */
        PaymentDiscrepancy: {
            /** Format: uuid */
            id: string;
            provider: string;
            /** @enum {string} */
            kind: "unknown_payment" | "amount_differs" | "not_captured" | "refunded_elsewhere" | "refund_missing" | "disputed" | "missing_at_provider" | "stray_voided" | "stray_refunded";
            /** @description Name of the charge with the provider */
            ref: string;
            /**
             * Format: uuid
             * @description Null when no payment here has the key of the charge
             */
            paymentId: string | null;
            /** @description State in Evently's books */
            expected: {
                [key: string]: unknown;
            };
            /** @description State in the provider's books */
            found: {
                [key: string]: unknown;
            };
            /**
             * @description `repaired`: the money went back by itself
             * @enum {string}
             */
            status: "open" | "repaired" | "resolved";
            note: string | null;
            /** Format: uuid */
            resolvedBy: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            foundAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            resolvedAt: string | null;
        };
        /**
         * @example {
         *       "note": "Refunded by the box office after a double booking"
         *     }
         */
        DiscrepancyResolution: {
            /** @description Action that was taken */
            note: string;
        };
        /**
         * @example {
         *       "id": "evt_1Qw1aB2eZvKYlo2CabcDEFgh",
         *       "type": "payment_intent.amount_capturable_updated",
         *       "data": {
         *         "object": {
         *           "object": "payment_intent",
         *           "id": "pi_3Qw1aB2eZvKYlo2C0x1y2z3A"
         *         }
         *       }
         *     }
         */
        StripeEvent: {
            id: string;
            type: string;
            data: {
                object: {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "payment": {
         *         "method": "card",
         *         "card": {
         *           "number": "4242424242424242"
         *         }
         *       }
         *     }
         */
        Checkout: {
            /** @description Needed unless the booking costs nothing */
            payment?: {
                /** @enum {string} */
                method: "card";
                card: {
                    number: string;
                    expiry?: string;
                    cvc?: string;
                };
            } | {
                /** @enum {string} */
                method: "token";
                token: string;
            };
            /**
             * @description If the payment comes so late that the seats are sold to others: other seats of the same category at the same price are fine, neighbours if they were. Otherwise the money goes back.
             * @default false
             */
            substitutes?: boolean;
        };
        /**
         * @example {
         *       "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "currency": "EUR",
         *       "price": 2400,
         *       "amount": 1125,
         *       "validUntil": "2027-09-03T17:00:00.000Z",
         *       "items": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000c1",
         *           "price": 2400,
         *           "amount": 1125
         *         }
         *       ]
         *     }
         */
        RefundQuote: {
            /** Format: uuid */
            bookingId: string;
            currency: string;
            /** @description Price of the tickets that would be given back */
            price: number;
            /** @description Amount that would be paid back now */
            amount: number;
            /**
             * Format: date-time
             * @description The last moment at which it is as much
             */
            validUntil: string;
            items: {
                /** Format: uuid */
                id: string;
                /** @description Integer minor units of the currency */
                price: number;
                /** @description Integer minor units of the currency */
                amount: number;
            }[];
        };
        /**
         * @example {
         *       "items": [
         *         "019ab0c0-0000-7000-8000-0000000000c1"
         *       ]
         *     }
         */
        Cancellation: {
            /** @description Ids of items; absent for the whole booking */
            items?: string[];
        };
        /**
         * @default {}
         * @example {
         *       "reason": "The hall was flooded."
         *     }
         */
        EventCancellationInput: {
            /** @description For those who have tickets; shown with the event */
            reason?: string;
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "state": "running",
         *       "reason": "The hall was flooded.",
         *       "cancelledAt": "2027-08-20T08:00:00.000Z",
         *       "holds": 0,
         *       "bookings": {
         *         "total": 812,
         *         "refunded": 811,
         *         "pending": 0,
         *         "refused": 1
         *       },
         *       "currency": "EUR",
         *       "amounts": {
         *         "total": 3897600,
         *         "refunded": 3892800,
         *         "pending": 0,
         *         "refused": 4800
         *       },
         *       "refusals": [
         *         {
         *           "refundId": "019ab0c0-0000-7000-8000-0000000000f2",
         *           "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "code": "K7RM-2XQF",
         *           "amount": 4800,
         *           "reason": "refund_refused"
         *         }
         *       ]
         *     }
         */
        EventCancellation: {
            /** Format: uuid */
            eventId: string;
            /** @enum {string} */
            state: "running" | "completed";
            reason: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            cancelledAt: string;
            /** @description Holds and payments under way that are still to end */
            holds: number;
            /** @description Bookings that were sold when the event was cancelled */
            bookings: {
                total: number;
                refunded: number;
                pending: number;
                /** @description The provider refused; operators see to them */
                refused: number;
            };
            currency: string;
            amounts: {
                /** @description Integer minor units of the currency */
                total: number;
                /** @description Integer minor units of the currency */
                refunded: number;
                /** @description Integer minor units of the currency */
                pending: number;
                /** @description Integer minor units of the currency */
                refused: number;
            };
            /** @description The first hundred refused refunds */
            refusals: {
                /** Format: uuid */
                refundId: string;
                /** Format: uuid */
                bookingId: string;
                /** @description Code of the booking */
                code: string;
                /** @description Integer minor units of the currency */
                amount: number;
                reason: string | null;
            }[];
        };
        /**
         * @example {
         *       "how": "paid_elsewhere",
         *       "note": "Bank transfer of 3 December, card account closed"
         *     }
         */
        RefundSettlement: {
            /**
             * @description paid_elsewhere: by bank transfer, say; not_owed: as when the bank took it back by itself
             * @enum {string}
             */
            how: "paid_elsewhere" | "not_owed";
            /** @description For those who look at it later */
            note: string;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000f2",
         *       "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "amount": 2400,
         *       "status": "succeeded",
         *       "settled": "paid_elsewhere"
         *     }
         */
        SettledRefund: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            bookingId: string;
            /** @description Integer minor units of the currency */
            amount: number;
            /** @description succeeded: its seats are free */
            status: string;
            /** @enum {string} */
            settled: "paid_elsewhere" | "not_owed";
        };
        /**
         * @example {
         *       "amount": 500
         *     }
         */
        GoodwillRefund: {
            /** @description Integer minor units; at most what is left of the payment */
            amount: number;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000f2",
         *       "paymentId": "019ab0c0-0000-7000-8000-0000000000f1",
         *       "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "amount": 500,
         *       "currency": "EUR",
         *       "status": "succeeded"
         *     }
         */
        Refund: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            paymentId: string;
            /** Format: uuid */
            bookingId: string;
            /** @description Integer minor units of the currency */
            amount: number;
            currency: string;
            /**
             * @description refused: waits for an administrator at `/admin/sagas`
             * @enum {string}
             */
            status: "created" | "unknown" | "succeeded" | "refused";
        };
        /**
         * @example {
         *       "quantity": 4,
         *       "minQuantity": 2,
         *       "together": true,
         *       "categories": [
         *         "Tribüne"
         *       ],
         *       "maxPrice": 4000
         *     }
         */
        NewWaitlistEntry: {
            /** @description How many you would like */
            quantity: number;
            /** @description The smallest number that would do; absent: all of them */
            minQuantity?: number;
            /**
             * @description Seats next to each other or not at all
             * @default false
             */
            together?: boolean;
            /**
             * @description Accessible seats only
             * @default false
             */
            accessible?: boolean;
            /** @description Seats of these categories; with neither these nor areas anything will do */
            categories?: string[];
            /** @description Places in these general-admission areas */
            areas?: string[];
            /** @description Highest price of one seat or place */
            maxPrice?: number;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "state": "waiting",
         *       "quantity": 4,
         *       "minQuantity": 2,
         *       "together": true,
         *       "accessible": false,
         *       "categories": [
         *         "Tribüne"
         *       ],
         *       "areas": [],
         *       "maxPrice": 4000,
         *       "joinedAt": "2027-08-01T10:00:00.000Z",
         *       "position": 12,
         *       "odds": 0.35,
         *       "offer": null
         *     }
         */
        WaitlistEntry: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            eventId: string;
            /** @enum {string} */
            state: "waiting" | "offered" | "accepted" | "declined" | "expired" | "left" | "closed";
            quantity: number;
            minQuantity: number;
            together: boolean;
            accessible: boolean;
            /** @description null: any */
            categories: string[] | null;
            /** @description null: any */
            areas: string[] | null;
            /** @description Integer minor units of the currency */
            maxPrice: number | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            joinedAt: string;
            /** @description From 1, among those who wait for the event; null when not waiting */
            position: number | null;
            /** @description Share that got an offer, among earlier entries for this event that needed as many seats or more; null while there are fewer than 20 */
            odds: number | null;
            /** @description A hold for you: accept it and pay it like any other, or decline it */
            offer: {
                /** Format: uuid */
                bookingId: string;
                /** @description Seats and places that are kept for you: your quantity, or fewer */
                quantity: number;
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                expiresAt: string;
            } | null;
        };
        /**
         * @example {
         *       "states": {
         *         "waiting": 12,
         *         "offered": 1,
         *         "accepted": 3,
         *         "declined": 1,
         *         "expired": 0,
         *         "left": 2,
         *         "closed": 0
         *       },
         *       "seatsWanted": 31,
         *       "byQuantity": [
         *         {
         *           "quantity": 2,
         *           "entries": 9
         *         },
         *         {
         *           "quantity": 4,
         *           "entries": 3
         *         }
         *       ],
         *       "byCategory": [
         *         {
         *           "category": "Tribüne",
         *           "entries": 5
         *         }
         *       ]
         *     }
         */
        WaitlistDemand: {
            states: {
                waiting: number;
                offered: number;
                accepted: number;
                declined: number;
                expired: number;
                left: number;
                closed: number;
            };
            /** @description Seats and places that those who wait would like */
            seatsWanted: number;
            byQuantity: {
                quantity: number;
                entries: number;
            }[];
            /** @description Entries that named categories; one entry may name several */
            byCategory: {
                category: string;
                entries: number;
            }[];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000f1",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "state": "waiting",
         *           "quantity": 4,
         *           "minQuantity": 2,
         *           "together": true,
         *           "accessible": false,
         *           "categories": [
         *             "Tribüne"
         *           ],
         *           "areas": [],
         *           "maxPrice": 4000,
         *           "joinedAt": "2027-08-01T10:00:00.000Z",
         *           "position": 12,
         *           "odds": 0.35,
         *           "offer": null
         *         }
         *       ],
         *       "next": null
         *     }
         */
        WaitlistPage: {
            data: components["schemas"]["WaitlistEntry"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d9",
         *           "kind": "booking.confirmed",
         *           "title": "Your booking for Final",
         *           "text": "Booking K7RM-2XQF is confirmed. See you on Sunday 1 August 2027 at 20:00 CEST.",
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "createdAt": "2027-06-01T10:00:00.000Z",
         *           "readAt": null
         *         }
         *       ],
         *       "next": null,
         *       "unread": 1
         *     }
         */
        NotificationPage: {
            data: components["schemas"]["Notification"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
            /** @description How many there are unread in all */
            unread: number;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d9",
         *       "kind": "booking.confirmed",
         *       "title": "Your booking for Final",
         *       "text": "Booking K7RM-2XQF is confirmed. See you on Sunday 1 August 2027 at 20:00 CEST.",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "bookingId": "019ab0c0-0000-7000-8000-0000000000b1",
         *       "createdAt": "2027-06-01T10:00:00.000Z",
         *       "readAt": null
         *     }
         */
        Notification: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "booking.confirmed" | "booking.restored" | "booking.replaced" | "booking.expired" | "booking.cancelled" | "payment.returned" | "refund.delayed" | "event.changed" | "event.cancelled" | "event.reminder" | "ticket.transferred" | "waitlist.offered" | "waitlist.expired" | "waitlist.closed";
            /** @description In the language of the account */
            title: string;
            text: string;
            /** Format: uuid */
            eventId: string | null;
            /** Format: uuid */
            bookingId: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            readAt: string | null;
        };
        /**
         * @example {
         *       "read": 3
         *     }
         */
        NotificationsRead: {
            /** @description How many were unread */
            read: number;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "kind": "event.reminder",
         *           "inApp": true,
         *           "mail": false,
         *           "alwaysInApp": false
         *         }
         *       ]
         *     }
         */
        NotificationPreferences: {
            data: {
                /** @enum {string} */
                kind: "booking.confirmed" | "booking.restored" | "booking.replaced" | "booking.expired" | "booking.cancelled" | "payment.returned" | "refund.delayed" | "event.changed" | "event.cancelled" | "event.reminder" | "ticket.transferred" | "waitlist.offered" | "waitlist.expired" | "waitlist.closed";
                /** @description In the list and over the socket */
                inApp: boolean;
                mail: boolean;
                /** @description `inApp` cannot be switched off: it is about a seat or money */
                alwaysInApp: boolean;
            }[];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "kind": "event.reminder",
         *           "inApp": true,
         *           "mail": false
         *         }
         *       ]
         *     }
         */
        NewNotificationPreferences: {
            data: {
                /** @enum {string} */
                kind: "booking.confirmed" | "booking.restored" | "booking.replaced" | "booking.expired" | "booking.cancelled" | "payment.returned" | "refund.delayed" | "event.changed" | "event.cancelled" | "event.reminder" | "ticket.transferred" | "waitlist.offered" | "waitlist.expired" | "waitlist.closed";
                /** @description In the list and over the socket */
                inApp: boolean;
                mail: boolean;
            }[];
        };
        /**
         * @example {
         *       "current": {
         *         "from": "2027-03-01",
         *         "to": "2027-03-31",
         *         "holds": 120,
         *         "open": 2,
         *         "released": 6,
         *         "expired": 12,
         *         "uncaptured": 0,
         *         "orders": 100,
         *         "conversion": 0.8333,
         *         "tickets": 210,
         *         "cancelled": 21,
         *         "cancellationRate": 0.1,
         *         "returned": 12,
         *         "refunds": 8,
         *         "revenue": [
         *           {
         *             "currency": "EUR",
         *             "gross": 504000,
         *             "refunded": 28800,
         *             "net": 475200
         *           }
         *         ],
         *         "waitlist": {
         *           "joined": 9,
         *           "wanted": 20,
         *           "offered": 5,
         *           "accepted": 3,
         *           "declined": 1,
         *           "missed": 1,
         *           "gone": 1,
         *           "closed": 0,
         *           "waiting": 3
         *         }
         *       },
         *       "previous": {
         *         "from": "2027-01-29",
         *         "to": "2027-02-28",
         *         "holds": 120,
         *         "open": 2,
         *         "released": 6,
         *         "expired": 12,
         *         "uncaptured": 0,
         *         "orders": 100,
         *         "conversion": 0.8333,
         *         "tickets": 210,
         *         "cancelled": 21,
         *         "cancellationRate": 0.1,
         *         "returned": 12,
         *         "refunds": 8,
         *         "revenue": [
         *           {
         *             "currency": "EUR",
         *             "gross": 504000,
         *             "refunded": 28800,
         *             "net": 475200
         *           }
         *         ],
         *         "waitlist": {
         *           "joined": 9,
         *           "wanted": 20,
         *           "offered": 5,
         *           "accepted": 3,
         *           "declined": 1,
         *           "missed": 1,
         *           "gone": 1,
         *           "closed": 0,
         *           "waiting": 3
         *         }
         *       },
         *       "definitions": {
         *         "holds": "Bookings made in the period: …"
         *       }
         *     }
         */
        SalesSummary: {
            current: {
                /** Format: date */
                from: string | null;
                /** Format: date */
                to: string | null;
                holds: number;
                open: number;
                released: number;
                expired: number;
                uncaptured: number;
                orders: number;
                conversion: number | null;
                tickets: number;
                cancelled: number;
                cancellationRate: number | null;
                returned: number;
                refunds: number;
                /** @description By currency; currencies are never added up */
                revenue: {
                    currency: string;
                    gross: number;
                    refunded: number;
                    net: number;
                }[];
                waitlist: {
                    joined: number;
                    wanted: number;
                    offered: number;
                    accepted: number;
                    declined: number;
                    missed: number;
                    gone: number;
                    closed: number;
                    waiting: number;
                };
            };
            /** @description As many days right before; null unless the period has both ends */
            previous: {
                /** Format: date */
                from: string | null;
                /** Format: date */
                to: string | null;
                holds: number;
                open: number;
                released: number;
                expired: number;
                uncaptured: number;
                orders: number;
                conversion: number | null;
                tickets: number;
                cancelled: number;
                cancellationRate: number | null;
                returned: number;
                refunds: number;
                /** @description By currency; currencies are never added up */
                revenue: {
                    currency: string;
                    gross: number;
                    refunded: number;
                    net: number;
                }[];
                waitlist: {
                    joined: number;
                    wanted: number;
                    offered: number;
                    accepted: number;
                    declined: number;
                    missed: number;
                    gone: number;
                    closed: number;
                    waiting: number;
                };
            } | null;
            /** @description Meaning of each number, by its name */
            definitions: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *           "title": "Season opening",
         *           "startsAt": "2027-09-04T17:00:00.000Z",
         *           "orders": 100,
         *           "tickets": 210,
         *           "cancelled": 21,
         *           "currency": "EUR",
         *           "gross": 504000,
         *           "refunded": 28800,
         *           "net": 475200,
         *           "valid": 189,
         *           "sellable": 1480,
         *           "utilization": 0.1277
         *         }
         *       ],
         *       "definitions": {
         *         "holds": "Bookings made in the period: …"
         *       }
         *     }
         */
        PopularSales: {
            /** @description Most tickets of the period first */
            data: {
                /** Format: uuid */
                eventId: string;
                title: string;
                /** Format: date-time */
                startsAt: string;
                orders: number;
                tickets: number;
                cancelled: number;
                currency: string;
                gross: number;
                refunded: number;
                net: number;
                valid: number;
                sellable: number;
                utilization: number | null;
            }[];
            /** @description Meaning of each number, by its name */
            definitions: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "interval": "hour",
         *       "data": [
         *         {
         *           "at": "2027-03-28T01:00:00.000Z",
         *           "local": "2027-03-28T03:00",
         *           "holds": 3,
         *           "orders": 2,
         *           "tickets": 5,
         *           "returned": 0,
         *           "revenue": [
         *             {
         *               "currency": "EUR",
         *               "gross": 12000,
         *               "refunded": 0,
         *               "net": 12000
         *             }
         *           ]
         *         }
         *       ],
         *       "definitions": {
         *         "holds": "Bookings made in the period: …"
         *       }
         *     }
         */
        SalesTimeseries: {
            /** @enum {string} */
            interval: "day" | "hour";
            /** @description Every day or hour of the period; a day may have 23 or 25 hours, and one hour twice */
            data: {
                /** @description A day (2027-03-28), or the instant when an hour began (2027-03-28T01:00:00.000Z) */
                at: string;
                /** @description The same on the clocks of the place: 2027-03-28, 2027-03-28T03:00 */
                local: string;
                holds: number;
                orders: number;
                tickets: number;
                returned: number;
                revenue: {
                    currency: string;
                    gross: number;
                    refunded: number;
                    net: number;
                }[];
            }[];
            /** @description Meaning of each number, by its name */
            definitions: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "tickets": 210,
         *       "cancelled": 21,
         *       "cancellationRate": 0.1,
         *       "causes": [
         *         {
         *           "cause": "buyer",
         *           "currency": "EUR",
         *           "refunds": 8,
         *           "returned": 12,
         *           "refunded": 28800
         *         }
         *       ],
         *       "definitions": {
         *         "holds": "Bookings made in the period: …"
         *       }
         *     }
         */
        SalesCancellations: {
            tickets: number;
            cancelled: number;
            cancellationRate: number | null;
            /** @description Refunds of the period by what they were for */
            causes: {
                /** @enum {string} */
                cause: "buyer" | "organizer" | "event" | "goodwill";
                currency: string;
                refunds: number;
                returned: number;
                refunded: number;
            }[];
            /** @description Meaning of each number, by its name */
            definitions: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "title": "Season opening",
         *       "timezone": "Europe/Berlin",
         *       "currency": "EUR",
         *       "current": {
         *         "from": "2027-03-01",
         *         "to": "2027-03-31",
         *         "holds": 120,
         *         "open": 2,
         *         "released": 6,
         *         "expired": 12,
         *         "uncaptured": 0,
         *         "orders": 100,
         *         "conversion": 0.8333,
         *         "tickets": 210,
         *         "cancelled": 21,
         *         "cancellationRate": 0.1,
         *         "returned": 12,
         *         "refunds": 8,
         *         "revenue": [
         *           {
         *             "currency": "EUR",
         *             "gross": 504000,
         *             "refunded": 28800,
         *             "net": 475200
         *           }
         *         ],
         *         "waitlist": {
         *           "joined": 9,
         *           "wanted": 20,
         *           "offered": 5,
         *           "accepted": 3,
         *           "declined": 1,
         *           "missed": 1,
         *           "gone": 1,
         *           "closed": 0,
         *           "waiting": 3
         *         }
         *       },
         *       "previous": {
         *         "from": "2027-01-29",
         *         "to": "2027-02-28",
         *         "holds": 120,
         *         "open": 2,
         *         "released": 6,
         *         "expired": 12,
         *         "uncaptured": 0,
         *         "orders": 100,
         *         "conversion": 0.8333,
         *         "tickets": 210,
         *         "cancelled": 21,
         *         "cancellationRate": 0.1,
         *         "returned": 12,
         *         "refunds": 8,
         *         "revenue": [
         *           {
         *             "currency": "EUR",
         *             "gross": 504000,
         *             "refunded": 28800,
         *             "net": 475200
         *           }
         *         ],
         *         "waitlist": {
         *           "joined": 9,
         *           "wanted": 20,
         *           "offered": 5,
         *           "accepted": 3,
         *           "declined": 1,
         *           "missed": 1,
         *           "gone": 1,
         *           "closed": 0,
         *           "waiting": 3
         *         }
         *       },
         *       "places": {
         *         "capacity": 1500,
         *         "blocked": 20,
         *         "sellable": 1480,
         *         "valid": 189,
         *         "utilization": 0.1277
         *       },
         *       "sections": [
         *         {
         *           "kind": "section",
         *           "name": "Block A",
         *           "capacity": 1500,
         *           "blocked": 20,
         *           "sellable": 1480,
         *           "valid": 189,
         *           "utilization": 0.1277
         *         }
         *       ],
         *       "soldOutAt": null,
         *       "minutesToSellOut": null,
         *       "definitions": {
         *         "holds": "Bookings made in the period: …"
         *       }
         *     }
         */
        EventSales: {
            /** Format: uuid */
            eventId: string;
            title: string;
            timezone: string;
            currency: string;
            current: {
                /** Format: date */
                from: string | null;
                /** Format: date */
                to: string | null;
                holds: number;
                open: number;
                released: number;
                expired: number;
                uncaptured: number;
                orders: number;
                conversion: number | null;
                tickets: number;
                cancelled: number;
                cancellationRate: number | null;
                returned: number;
                refunds: number;
                /** @description By currency; currencies are never added up */
                revenue: {
                    currency: string;
                    gross: number;
                    refunded: number;
                    net: number;
                }[];
                waitlist: {
                    joined: number;
                    wanted: number;
                    offered: number;
                    accepted: number;
                    declined: number;
                    missed: number;
                    gone: number;
                    closed: number;
                    waiting: number;
                };
            };
            /** @description As many days right before; null unless the period has both ends */
            previous: {
                /** Format: date */
                from: string | null;
                /** Format: date */
                to: string | null;
                holds: number;
                open: number;
                released: number;
                expired: number;
                uncaptured: number;
                orders: number;
                conversion: number | null;
                tickets: number;
                cancelled: number;
                cancellationRate: number | null;
                returned: number;
                refunds: number;
                /** @description By currency; currencies are never added up */
                revenue: {
                    currency: string;
                    gross: number;
                    refunded: number;
                    net: number;
                }[];
                waitlist: {
                    joined: number;
                    wanted: number;
                    offered: number;
                    accepted: number;
                    declined: number;
                    missed: number;
                    gone: number;
                    closed: number;
                    waiting: number;
                };
            } | null;
            places: {
                capacity: number;
                blocked: number;
                sellable: number;
                valid: number;
                utilization: number | null;
            };
            /** @description Sections and areas that have seats or places */
            sections: {
                /** @enum {string} */
                kind: "section" | "area";
                name: string;
                capacity: number;
                blocked: number;
                sellable: number;
                valid: number;
                utilization: number | null;
            }[];
            /** Format: date-time */
            soldOutAt: string | null;
            minutesToSellOut: number | null;
            /** @description Meaning of each number, by its name */
            definitions: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "type": "booking.held",
         *           "text": "Held",
         *           "at": "2027-08-01T10:00:00.000Z",
         *           "by": "buyer",
         *           "subject": "019ab0c0-0000-7000-8000-0000000000b1",
         *           "version": 1,
         *           "expiresAt": "2027-08-01T10:10:00.000Z"
         *         },
         *         {
         *           "type": "payment.captured",
         *           "text": "Paid",
         *           "at": "2027-08-01T10:04:00.000Z",
         *           "by": "system",
         *           "subject": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "version": 3,
         *           "amount": 4000,
         *           "currency": "EUR"
         *         }
         *       ]
         *     }
         */
        BookingHistory: {
            data: {
                /** @description `booking.held`, `payment.captured`, `ticket.issued`, … */
                type: string;
                /** @description The same for people */
                text: string;
                /** Format: date-time */
                at: string;
                /**
                 * @description `organizer` includes the staff of the house; `recipient`: to whom a ticket was passed on
                 * @enum {string}
                 */
                by: "buyer" | "organizer" | "recipient" | "system";
                /**
                 * Format: uuid
                 * @description The booking, payment, refund or ticket
                 */
                subject: string;
                /** @description Counts the changes of the subject */
                version: number;
                /**
                 * Format: date-time
                 * @description The deadline since then
                 */
                expiresAt?: string;
                /** @description The items it was about; absent for all */
                items?: string[];
                /** @description Integer minor units */
                amount?: number;
                currency?: string;
            }[];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000a1",
         *           "url": "https://shop.example.org/evently",
         *           "facts": [
         *             "booking.*",
         *             "refund.succeeded"
         *           ],
         *           "description": "The box office",
         *           "active": true,
         *           "disabledReason": null,
         *           "version": 1,
         *           "createdAt": "2026-11-25T10:00:00.000Z",
         *           "updatedAt": "2026-11-25T10:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        WebhookList: {
            data: components["schemas"]["Webhook"][];
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000a1",
         *       "url": "https://shop.example.org/evently",
         *       "facts": [
         *         "booking.*",
         *         "refund.succeeded"
         *       ],
         *       "description": "The box office",
         *       "active": true,
         *       "disabledReason": null,
         *       "version": 1,
         *       "createdAt": "2026-11-25T10:00:00.000Z",
         *       "updatedAt": "2026-11-25T10:00:00.000Z"
         *     }
         */
        Webhook: {
            /** Format: uuid */
            id: string;
            url: string;
            facts: string[];
            description: string | null;
            active: boolean;
            /** @description Why it was switched off, when that was not you */
            disabledReason: string | null;
            /** @description Also the ETag, for If-Match */
            version: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            updatedAt: string;
        };
        /**
         * @example {
         *       "url": "https://shop.example.org/evently",
         *       "facts": [
         *         "booking.*",
         *         "refund.succeeded"
         *       ],
         *       "description": "The box office"
         *     }
         */
        NewWebhook: {
            /** @description Gets a POST for each fact. HTTPS, not a private address */
            url: string;
            /** @description Kinds of facts (`booking.confirmed`) or families: `booking.*`, `event.*`, `payment.*`, `refund.*`, `seats.*`, `ticket.*`, `waitlist.*`. Holds are not told: the seat feed has them */
            facts: string[];
            description?: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000a1",
         *       "url": "https://shop.example.org/evently",
         *       "facts": [
         *         "booking.*",
         *         "refund.succeeded"
         *       ],
         *       "description": "The box office",
         *       "active": true,
         *       "disabledReason": null,
         *       "version": 1,
         *       "createdAt": "2026-11-25T10:00:00.000Z",
         *       "updatedAt": "2026-11-25T10:00:00.000Z",
         *       "secret": "whsec_VGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0IQ=="
         *     }
         */
        WebhookWithSecret: {
            /** Format: uuid */
            id: string;
            url: string;
            facts: string[];
            description: string | null;
            active: boolean;
            /** @description Why it was switched off, when that was not you */
            disabledReason: string | null;
            /** @description Also the ETag, for If-Match */
            version: number;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            updatedAt: string;
            /** @description Signs the messages; shown only here */
            secret: string;
        };
        /**
         * @example {
         *       "active": true
         *     }
         */
        WebhookChanges: {
            /** @description Gets a POST for each fact. HTTPS, not a private address */
            url?: string;
            /** @description Kinds of facts (`booking.confirmed`) or families: `booking.*`, `event.*`, `payment.*`, `refund.*`, `seats.*`, `ticket.*`, `waitlist.*`. Holds are not told: the seat feed has them */
            facts?: string[];
            description?: string | null;
            active?: boolean;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000a2",
         *           "type": "booking.confirmed",
         *           "state": "pending",
         *           "attempts": 1,
         *           "dueAt": "2026-11-25T10:00:05.000Z",
         *           "lastStatus": 502,
         *           "lastError": null,
         *           "createdAt": "2026-11-25T10:00:00.000Z",
         *           "deliveredAt": null
         *         }
         *       ],
         *       "next": null
         *     }
         */
        WebhookDeliveryPage: {
            data: {
                /**
                 * Format: uuid
                 * @description Sent as `webhook-id`; the same in every attempt
                 */
                id: string;
                type: string;
                /** @enum {string} */
                state: "pending" | "delivered" | "failed";
                attempts: number;
                /**
                 * Format: date-time
                 * @description Time of the next attempt
                 */
                dueAt: string | null;
                /** @description HTTP status of the last answer */
                lastStatus: number | null;
                lastError: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                deliveredAt: string | null;
            }[];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000a2",
         *       "type": "booking.confirmed",
         *       "state": "pending",
         *       "attempts": 1,
         *       "dueAt": "2026-11-25T10:00:05.000Z",
         *       "lastStatus": 502,
         *       "lastError": null,
         *       "createdAt": "2026-11-25T10:00:00.000Z",
         *       "deliveredAt": null,
         *       "body": "{\"id\":\"booking:019ab0c0-0000-7000-8000-0000000000b1:3\",\"type\":\"booking.confirmed\"}",
         *       "tries": [
         *         {
         *           "at": "2026-11-25T10:00:00.100Z",
         *           "status": 502,
         *           "error": null,
         *           "milliseconds": 85
         *         }
         *       ]
         *     }
         */
        WebhookDelivery: {
            /**
             * Format: uuid
             * @description Sent as `webhook-id`; the same in every attempt
             */
            id: string;
            type: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            attempts: number;
            /**
             * Format: date-time
             * @description Time of the next attempt
             */
            dueAt: string | null;
            /** @description HTTP status of the last answer */
            lastStatus: number | null;
            lastError: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            deliveredAt: string | null;
            /** @description Body of the message, to the byte */
            body: string;
            tries: {
                /**
                 * Format: date-time
                 * @description ISO 8601 with zone
                 */
                at: string;
                status: number | null;
                error: string | null;
                milliseconds: number;
            }[];
        };
        /**
         * @example {
         *       "since": "2026-11-25T00:00:00Z"
         *     }
         */
        WebhookReplay: {
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            since: string;
        };
        /**
         * @example {
         *       "count": 12
         *     }
         */
        WebhookReplayed: {
            /** @description Deliveries that are sent again */
            count: number;
        };
        /**
         * @example {
         *       "logins": [
         *         {
         *           "email": "buyer@evently.test",
         *           "name": "Demo Buyer",
         *           "role": "user"
         *         }
         *       ],
         *       "password": "demo-xxxxxxxxxxxx"
         *     }
         */
        DemoLogins: {
            logins: {
                email: string;
                name: string;
                /** @enum {string} */
                role: "user" | "organizer" | "admin";
                /**
                 * @description What the account may do in the first organizer's organisation
                 * @enum {string}
                 */
                template?: "manager" | "boxOffice" | "door" | "accountant";
            }[];
            /** @description The same for all of them, of this installation only */
            password: string;
        };
        /**
         * @example {
         *       "state": "over",
         *       "eventId": "019ab0c0-0000-7000-8000-0000000000e1",
         *       "title": "Season opening",
         *       "startedAt": "2027-06-01T09:00:00.000Z",
         *       "seconds": 20,
         *       "robots": 200,
         *       "bought": 431,
         *       "givenBack": 19,
         *       "refused": 77,
         *       "violations": 0
         *     }
         */
        DemoRush: {
            /**
             * @description `none`: none was started on this replica; `checking`: the robots are done, the audit runs
             * @enum {string}
             */
            state: "none" | "running" | "checking" | "over";
            /** Format: uuid */
            eventId: string | null;
            /** @description Title of the event */
            title: string | null;
            /**
             * Format: date-time
             * @description ISO 8601 with zone
             */
            startedAt: string | null;
            /** @description How long the robots have been at it */
            seconds: number;
            robots: number;
            /** @description Seats and places */
            bought: number;
            /** @description Holds that were given back */
            givenBack: number;
            /** @description Requests that came too late for their places */
            refused: number;
            /** @description What the audit of the whole installation found afterwards; 0: nothing was oversold */
            violations: number | null;
        };
        /**
         * @default {}
         * @example {}
         */
        NewDemoRush: {
            /**
             * Format: uuid
             * @description Absent: the smallest event on sale that has room for all robots
             */
            eventId?: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d7",
         *           "kind": "notification",
         *           "userId": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *           "to": "ada@example.org",
         *           "subject": "Your booking for Low Tide",
         *           "state": "failed",
         *           "attempts": 1,
         *           "dueAt": null,
         *           "lastError": "Message failed: 550 5.7.1 Refused",
         *           "createdAt": "2026-11-25T10:00:00.000Z",
         *           "settledAt": "2026-11-25T10:00:01.000Z"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        MailPage: {
            data: components["schemas"]["Mail"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d7",
         *       "kind": "notification",
         *       "userId": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *       "to": "ada@example.org",
         *       "subject": "Your booking for Low Tide",
         *       "state": "failed",
         *       "attempts": 1,
         *       "dueAt": null,
         *       "lastError": "Message failed: 550 5.7.1 Refused",
         *       "createdAt": "2026-11-25T10:00:00.000Z",
         *       "settledAt": "2026-11-25T10:00:01.000Z"
         *     }
         */
        Mail: {
            /**
             * Format: uuid
             * @description The part of `Message-ID` before the @
             */
            id: string;
            kind: string;
            /**
             * Format: uuid
             * @description Its person; of a mail to a stranger, who had it sent
             */
            userId: string;
            /** @description Recipient; null when the person was erased, or what the mail was made from is gone */
            to: string | null;
            subject: string | null;
            /**
             * @description `dropped`: when it was to be sent there was nothing to say any more; `failed`: given up
             * @enum {string}
             */
            state: "pending" | "sent" | "dropped" | "failed";
            attempts: number;
            /**
             * Format: date-time
             * @description Time of the next attempt
             */
            dueAt: string | null;
            lastError: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            settledAt: string | null;
        };
        /**
         * @example {
         *       "to": "ada@example.org",
         *       "subject": "Your booking for Low Tide",
         *       "text": "Hello Ada Byron, …",
         *       "html": "<!doctype html>…",
         *       "attachments": [
         *         {
         *           "filename": "tickets.pdf",
         *           "contentType": "application/pdf"
         *         }
         *       ]
         *     }
         */
        MailPreview: {
            to: string;
            subject: string;
            text: string;
            /** @description A page of its own, for a sandboxed frame */
            html: string;
            attachments: {
                filename: string;
                contentType: string;
            }[];
        };
        /**
         * @example {
         *       "account": {
         *         "id": "01981f6e-3c00-7000-8000-5f2b6c1d9e42",
         *         "email": "ada@example.org",
         *         "name": "Ada Byron",
         *         "role": "user",
         *         "locale": "en",
         *         "emailVerified": false,
         *         "createdAt": "2026-03-01T18:00:00.000Z",
         *         "version": 1,
         *         "kind": "account",
         *         "organisationId": null,
         *         "reference": null,
         *         "lockedAt": null,
         *         "lockedReason": null
         *       },
         *       "sessions": 2,
         *       "payments": [
         *         {
         *           "currency": "EUR",
         *           "captured": 5600,
         *           "refunded": 2800
         *         }
         *       ]
         *     }
         */
        Person: {
            account: components["schemas"]["ManagedAccount"];
            /** @description Open logins, 1,000 at most */
            sessions: number;
            /** @description Sums of all bookings, by currency */
            payments: {
                currency: string;
                /** @description Paid */
                captured: number;
                /** @description Paid back */
                refunded: number;
            }[];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *           "at": "2026-11-25T10:00:00.000Z",
         *           "actor": "019ab0c0-0000-7000-8000-0000000000a1",
         *           "actorName": "Ada Byron",
         *           "role": "admin",
         *           "action": "PATCH /admin/users/{id}",
         *           "target": "019ab0c0-0000-7000-8000-0000000000a2",
         *           "about": {
         *             "kind": "account",
         *             "id": "019ab0c0-0000-7000-8000-0000000000a2",
         *             "name": "Bea Lovelace"
         *           },
         *           "said": {
         *             "role": "organizer"
         *           },
         *           "currency": null,
         *           "correlationId": "d1b0c7a2-0f0e-4a53-9a3c-7a1b2c3d4e5f",
         *           "status": 200
         *         }
         *       ],
         *       "next": null
         *     }
         */
        ActPage: {
            data: components["schemas"]["Act"][];
            /** @description Cursor of the following page; null on the last */
            next: string | null;
        };
        /**
         * @example {
         *       "id": "019ab0c0-0000-7000-8000-0000000000d1",
         *       "at": "2026-11-25T10:00:00.000Z",
         *       "actor": "019ab0c0-0000-7000-8000-0000000000a1",
         *       "actorName": "Ada Byron",
         *       "role": "admin",
         *       "action": "PATCH /admin/users/{id}",
         *       "target": "019ab0c0-0000-7000-8000-0000000000a2",
         *       "about": {
         *         "kind": "account",
         *         "id": "019ab0c0-0000-7000-8000-0000000000a2",
         *         "name": "Bea Lovelace"
         *       },
         *       "said": {
         *         "role": "organizer"
         *       },
         *       "currency": null,
         *       "correlationId": "d1b0c7a2-0f0e-4a53-9a3c-7a1b2c3d4e5f",
         *       "status": 200
         *     }
         */
        Act: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
            /**
             * Format: uuid
             * @description Owner of the access token; null at the command line
             */
            actor: string | null;
            /** @description Name of that person now; null at the command line and once the person was erased */
            actorName: string | null;
            role: string;
            /** @description Method and route */
            action: string;
            /**
             * Format: uuid
             * @description The id in the path
             */
            target: string | null;
            /** @description Object of the act, as far as it is still there; for a payment or booking its event */
            about: {
                /** @enum {string} */
                kind: "event" | "venue" | "account" | "key";
                /** Format: uuid */
                id: string;
                /** @description Title or name; null once the person was erased */
                name: string | null;
            } | null;
            /** @description Decision: roles, amounts, ids; no free text */
            said: {
                [key: string]: unknown;
            };
            /** @description Currency of `said.amount` */
            currency: string | null;
            correlationId: string | null;
            /** @description Status of the answer; null while the call is under way, and for good if the process or the client was gone before */
            status: number | null;
        };
        /**
         * @example {
         *       "attention": [
         *         {
         *           "kind": "failed_mails",
         *           "count": 2
         *         }
         *       ],
         *       "metrics": "anybody",
         *       "slotSeconds": 900,
         *       "slots": [
         *         {
         *           "at": "2026-11-25T10:00:00.000Z",
         *           "holds": 120,
         *           "sold": 96,
         *           "refused": 7,
         *           "requests": 4210,
         *           "p95Ms": 41
         *         }
         *       ]
         *     }
         */
        Overview: {
            /** @description Work that waits for an operator, worst first; empty when nothing does */
            attention: {
                /** @enum {string} */
                kind: "violations" | "parked_streams" | "stuck_jobs" | "discrepancies" | "failed_mails" | "late_facts";
                count: number;
            }[];
            /**
             * @description Who may read `/metrics` of this replica: nobody, everybody, or who has its token
             * @enum {string}
             */
            metrics: "off" | "anybody" | "token";
            slotSeconds: number;
            /** @description The last twelve hours, oldest first */
            slots: {
                /**
                 * Format: date-time
                 * @description Beginning of the slot
                 */
                at: string;
                /** @description Bookings made, of the whole installation */
                holds: number;
                /** @description Those of them that were sold */
                sold: number;
                /** @description Holds that this replica refused; null: it did not run, or metrics are off */
                refused: number | null;
                /** @description Answers of this replica to calls of the API */
                requests: number | null;
                /** @description Time within which 95 % of these answers came */
                p95Ms: number | null;
            }[];
        };
        /**
         * @example {
         *       "status": "ok"
         *     }
         */
        Live: {
            /** @enum {string} */
            status: "ok";
        };
        /**
         * @example {
         *       "status": "ready"
         *     }
         */
        Ready: {
            /** @enum {string} */
            status: "ready";
        };
        /**
         * @example {
         *       "status": "ok",
         *       "role": "all",
         *       "version": "0.1.0",
         *       "node": "24.21.0",
         *       "uptimeSeconds": 3600,
         *       "memoryMegabytes": 180,
         *       "database": {
         *         "reachable": true,
         *         "embedded": true,
         *         "version": "18.4",
         *         "failure": null,
         *         "latencyMs": 0.6,
         *         "connections": {
         *           "open": 10,
         *           "idle": 9,
         *           "waiting": 0
         *         },
         *         "migrations": {
         *           "applied": 5,
         *           "pending": []
         *         }
         *       },
         *       "redis": "off",
         *       "sockets": 250,
         *       "facts": {
         *         "broker": "off",
         *         "parked": 0,
         *         "waitingSeconds": 0
         *       }
         *     }
         */
        Status: {
            /** @enum {string} */
            status: "ok" | "degraded";
            /**
             * @description Role of this replica
             * @enum {string}
             */
            role: "all" | "api" | "worker";
            version: string;
            node: string;
            uptimeSeconds: number;
            /** @description Resident memory of this process */
            memoryMegabytes: number;
            database: {
                reachable: boolean;
                /** @description Started by this process */
                embedded: boolean;
                version: string | null;
                /** @description SQLSTATE with which it refuses changes, such as 53100 for a full disk; null when it takes them */
                failure: string | null;
                /** @description One round trip, waiting for a free connection included */
                latencyMs: number | null;
                connections: {
                    open: number;
                    idle: number;
                    waiting: number;
                };
                migrations: {
                    applied: number | null;
                    /** @description Names of those that this release needs */
                    pending: string[] | null;
                };
            };
            /**
             * @description `unavailable`: the database decides alone, slower
             * @enum {string}
             */
            redis: "off" | "connected" | "unavailable";
            /** @description Open on this replica; null for a worker, which takes none */
            sockets: number | null;
            facts: {
                /**
                 * @description `standby`: another replica publishes facts, or the broker does not answer
                 * @enum {string}
                 */
                broker: "off" | "connected" | "standby";
                /** @description Streams that wait for an operator */
                parked: number | null;
                /** @description Age of the oldest fact that some reader has not had */
                waitingSeconds: number | null;
            };
        };
        /**
         * @description RFC 9457 problem document; some codes add members of their own, e.g. `conflicts`
         * @example {
         *       "type": "/docs/errors#validation_failed",
         *       "title": "A value is not allowed",
         *       "status": 422,
         *       "code": "validation_failed",
         *       "detail": "capacity: must be at least 1",
         *       "errors": [
         *         {
         *           "path": "capacity",
         *           "message": "must be at least 1"
         *         }
         *       ],
         *       "instance": "/api/v1/venues",
         *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47"
         *     }
         */
        Problem: {
            /** @description Where the code is explained */
            type: string;
            title: string;
            status: number;
            /**
             * @description Stable name of the rule that was broken
             * @enum {string}
             */
            code: "malformed_json" | "invalid_parameter" | "invalid_query" | "invalid_cursor" | "wrong_type" | "missing_field" | "unknown_field" | "invalid_header" | "bad_request" | "too_deep" | "request_timeout" | "url_too_long" | "headers_too_large" | "validation_failed" | "body_too_large" | "unsupported_media_type" | "route_not_found" | "not_found" | "method_not_allowed" | "if_match_required" | "version_mismatch" | "rate_limited" | "too_many_open_holds" | "internal_error" | "overloaded" | "outcome_unknown" | "database_unavailable" | "database_failing" | "not_migrated" | "shutting_down" | "rush_under_way" | "idempotency_key_reused" | "idempotency_in_flight" | "mail_settled" | "mail_under_way" | "mail_not_repeatable" | "notification_required" | "unauthenticated" | "second_factor_required" | "wrong_code" | "login_step_invalid" | "step_up_required" | "second_factor_demanded" | "second_factor_on" | "second_factor_off" | "passkey_challenge_invalid" | "passkey_unknown" | "passkey_elsewhere" | "passkey_invalid" | "passkey_counter_back" | "passkey_known" | "passkeys_full" | "last_way_in" | "identity_provider_unavailable" | "identity_login_invalid" | "identity_login_cancelled" | "identity_email_unverified" | "identity_email_taken" | "identity_linked_elsewhere" | "identity_not_linked" | "identity_not_renewed" | "identity_not_for_admins" | "identity_provider_exists" | "too_many_identity_providers" | "issuer_refused" | "token_expired" | "token_invalid" | "token_revoked" | "key_invalid" | "key_ended" | "key_not_allowed" | "key_of_other_kind" | "key_in_url" | "key_needed" | "buyer_session_not_allowed" | "origin_not_allowed" | "customer_locked" | "permission_missing" | "organisation_required" | "forbidden" | "invalid_credentials" | "account_locked" | "refresh_token_invalid" | "refresh_token_used" | "refresh_token_reused" | "wrong_password" | "email_taken" | "password_unacceptable" | "link_invalid" | "last_admin" | "rights_not_yours" | "unknown_events" | "already_member" | "already_owner" | "offer_over" | "too_many_keys" | "too_many_invitations" | "last_owner" | "events_on_sale" | "accent_too_pale" | "logo_unsupported" | "imprint_missing" | "image_unreadable" | "image_too_large" | "unknown_image" | "venue_in_use" | "capacity_in_use" | "invalid_plan" | "plan_exceeds_capacity" | "unknown_venue" | "unknown_plan" | "plan_of_another_venue" | "invalid_dates" | "invalid_price_tiers" | "price_tiers_required" | "plan_locked" | "locked_after_publish" | "not_a_draft" | "organizer_left" | "event_not_on_sale" | "sale_closed" | "sale_paused" | "event_ended" | "event_cancelled" | "seats_taken" | "unknown_seats" | "unknown_area" | "unknown_category" | "area_full" | "sold_out" | "no_adjacent_seats" | "too_many_seats" | "buyer_limit_reached" | "seat_not_priced" | "seats_not_blockable" | "feed_gone" | "event_not_cancelled" | "too_many_watched" | "hold_expired" | "not_held" | "already_extended" | "too_many_tries" | "not_paying" | "not_confirmed" | "items_not_confirmed" | "not_cancelling" | "payment_declined" | "payment_not_collected" | "payment_under_way" | "payment_required" | "payment_method_unsupported" | "refund_exceeds_payment" | "payments_unavailable" | "invalid_signature" | "refund_not_stuck" | "event_started" | "no_tickets" | "ticket_not_genuine" | "ticket_unknown" | "ticket_of_another_event" | "ticket_cancelled" | "ticket_transferred" | "ticket_in_use" | "ticket_used" | "already_checked_in" | "not_checked_in" | "transfer_to_self" | "transfer_under_way" | "transfer_over" | "email_not_verified" | "seats_available" | "already_waiting" | "wish_impossible" | "not_waiting" | "not_offered" | "offer_expired" | "offer_not_accepted" | "webhook_url_refused" | "too_many_webhooks" | "webhook_inactive" | "delivery_under_way" | "still_failing" | "saga_ended";
            /** @description Explanation of this occurrence, and what to do about it */
            detail?: string;
            /** @description Faults by field */
            errors?: {
                path: string;
                message: string;
            }[];
            instance: string;
            /** @description Also in the logs; quote it when you report an error */
            correlationId: string;
        } & {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description The request is malformed */
        Problem400: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#missing_field",
                 *       "title": "A required field is missing",
                 *       "status": 400,
                 *       "code": "missing_field",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No valid access token */
        Problem401: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                /** @description The scheme */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#unauthenticated",
                 *       "title": "A valid access token is needed",
                 *       "status": 401,
                 *       "code": "unauthenticated",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The account may not do this */
        Problem403: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#forbidden",
                 *       "title": "The role of this account does not allow this",
                 *       "status": 403,
                 *       "code": "forbidden",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nothing there, or it belongs to someone else */
        Problem404: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#not_found",
                 *       "title": "Nothing exists under that id",
                 *       "status": 404,
                 *       "code": "not_found",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The state of things does not allow it */
        Problem409: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#idempotency_in_flight",
                 *       "title": "A request with this Idempotency-Key is still being processed",
                 *       "status": 409,
                 *       "code": "idempotency_in_flight",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Changed by someone else since it was read */
        Problem412: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#version_mismatch",
                 *       "title": "Someone else changed this since it was read",
                 *       "status": 412,
                 *       "code": "version_mismatch",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large */
        Problem413: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#body_too_large",
                 *       "title": "The body is larger than this route accepts",
                 *       "status": 413,
                 *       "code": "body_too_large",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The content type is not accepted */
        Problem415: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#unsupported_media_type",
                 *       "title": "The content type is not accepted here",
                 *       "status": 415,
                 *       "code": "unsupported_media_type",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Understood, but not valid */
        Problem422: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#validation_failed",
                 *       "title": "A value is not allowed",
                 *       "status": 422,
                 *       "code": "validation_failed",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description If-Match is missing */
        Problem428: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#if_match_required",
                 *       "title": "Edits need the If-Match header with the ETag last read",
                 *       "status": 428,
                 *       "code": "if_match_required",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description An error of ours */
        Problem500: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#internal_error",
                 *       "title": "Something went wrong on our side",
                 *       "status": 500,
                 *       "code": "internal_error",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not able to serve this now */
        Problem503: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                /** @description Seconds until a retry makes sense */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/docs/errors#overloaded",
                 *       "title": "More requests are waiting than can be served soon",
                 *       "status": 503,
                 *       "code": "overloaded",
                 *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                 *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Names this request in the logs; taken from the request when it sends one */
        "X-Correlation-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    outbox_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "broker": "off",
                     *       "readers": [
                     *         {
                     *           "name": "analytics",
                     *           "waiting": 0,
                     *           "waitingSeconds": 0
                     *         },
                     *         {
                     *           "name": "notifications",
                     *           "waiting": 0,
                     *           "waitingSeconds": 0
                     *         },
                     *         {
                     *           "name": "sale-notifications",
                     *           "waiting": 0,
                     *           "waitingSeconds": 0
                     *         },
                     *         {
                     *           "name": "waitlist.leave",
                     *           "waiting": 0,
                     *           "waitingSeconds": 0
                     *         },
                     *         {
                     *           "name": "webhooks",
                     *           "waiting": 0,
                     *           "waitingSeconds": 0
                     *         },
                     *         {
                     *           "name": "webhooks.leave",
                     *           "waiting": 0,
                     *           "waitingSeconds": 0
                     *         }
                     *       ],
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Outbox"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    outbox_retry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "handler": "waitlist.leave",
                 *       "stream": "account",
                 *       "streamId": "019ab0c0-0000-7000-8000-000000000001"
                 *     }
                 */
                "application/json": components["schemas"]["ParkedStream"];
            };
        };
        responses: {
            /** @description The handler has taken all that waited */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such stream is parked */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    sagas_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                state?: "running" | "compensating" | "completed" | "compensated" | "stuck";
                kind?: string;
                subjectId?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "kind": "checkout",
                     *           "subjectId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "state": "completed",
                     *           "step": null,
                     *           "attempts": 0,
                     *           "reason": null,
                     *           "dueAt": null,
                     *           "correlationId": "019ab0c0-0000-7000-8000-000000000004",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "updatedAt": "2027-06-01T10:00:00.000Z"
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000005",
                     *           "kind": "event_cancellation",
                     *           "subjectId": "019ab0c0-0000-7000-8000-000000000006",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000006",
                     *           "state": "completed",
                     *           "step": null,
                     *           "attempts": 0,
                     *           "reason": null,
                     *           "dueAt": null,
                     *           "correlationId": "019ab0c0-0000-7000-8000-000000000007",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "updatedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ"
                     *     }
                     */
                    "application/json": components["schemas"]["SagaPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    sagas_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "kind": "cancellation",
                     *       "subjectId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "state": "stuck",
                     *       "step": "refund",
                     *       "attempts": 0,
                     *       "reason": "refund_refused",
                     *       "dueAt": null,
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "data": {
                     *         "refundId": "019ab0c0-0000-7000-8000-000000000005"
                     *       },
                     *       "steps": [
                     *         {
                     *           "name": "refund",
                     *           "undo": false,
                     *           "attempts": 1,
                     *           "outcome": "stuck",
                     *           "reason": "refund_refused",
                     *           "begunAt": "2027-06-01T10:00:00.000Z",
                     *           "endedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Saga"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    sagas_retry: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "kind": "cancellation",
                     *       "subjectId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "state": "running",
                     *       "step": "refund",
                     *       "attempts": 0,
                     *       "reason": "refund_refused",
                     *       "dueAt": "2027-06-01T10:00:00.000Z",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "data": {
                     *         "refundId": "019ab0c0-0000-7000-8000-000000000005"
                     *       },
                     *       "steps": [
                     *         {
                     *           "name": "refund",
                     *           "undo": false,
                     *           "attempts": 1,
                     *           "outcome": "stuck",
                     *           "reason": "refund_refused",
                     *           "begunAt": "2027-06-01T10:00:00.000Z",
                     *           "endedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Saga"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    house_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "pages": [
                     *         "imprint"
                     *       ],
                     *       "logo": "/api/v1/house/logo?v=6b7fa434f92a8b80",
                     *       "version": 3
                     *     }
                     */
                    "application/json": components["schemas"]["House"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    house_texts: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LegalTexts"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    house_logo: {
        parameters: {
            query?: {
                /** @description Digest of the picture; with that of now it may be kept for a year */
                v?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The house has none */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminHouse_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": "/api/v1/house/logo?v=6b7fa434f92a8b80",
                     *       "version": 3
                     *     }
                     */
                    "application/json": components["schemas"]["WholeHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminHouse_replace: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Playhouse Erfurt",
                 *       "accent": "#8b1e3f",
                 *       "links": [
                 *         {
                 *           "label": {
                 *             "de": "Anfahrt",
                 *             "en": "Getting here"
                 *           },
                 *           "url": "https://playhouse.example.org/visit"
                 *         }
                 *       ],
                 *       "vat": {
                 *         "de": "Preise mit 7 % Umsatzsteuer",
                 *         "en": "Prices with 7 % VAT"
                 *       },
                 *       "imprint": {
                 *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                 *         "en": null
                 *       },
                 *       "privacy": {
                 *         "de": null,
                 *         "en": null
                 *       },
                 *       "terms": {
                 *         "de": null,
                 *         "en": null
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HouseSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": null,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["WholeHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Changed by someone else since it was read */
            412: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#version_mismatch",
                     *       "title": "Someone else changed this since it was read",
                     *       "status": 412,
                     *       "code": "version_mismatch",
                     *       "instance": "/api/v1/admin/house",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminHouse_setLogo: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
                 *     }
                 */
                "application/json": components["schemas"]["NewLogo"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": "/api/v1/house/logo?v=6b7fa434f92a8b80",
                     *       "version": 3
                     *     }
                     */
                    "application/json": components["schemas"]["WholeHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminHouse_removeLogo: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": null,
                     *       "version": 4
                     *     }
                     */
                    "application/json": components["schemas"]["WholeHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            412: components["responses"]["Problem412"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    images_read: {
        parameters: {
            query?: {
                /** @description The smallest size at least as wide is the answer, or the largest there is */
                width?: number;
                /** @description jpeg is kept in few sizes, for mails and printed pages */
                type?: "webp" | "jpeg";
            };
            header?: never;
            path: {
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                    "image/jpeg": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_register: {
        parameters: {
            query?: never;
            header?: {
                "accept-language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "password": "correct horse battery",
                 *       "name": "Ada Byron"
                 *     }
                 */
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
                     *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE",
                     *       "expiresIn": 900,
                     *       "device": "Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs",
                     *       "user": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "email": "ada@example.org",
                     *         "name": "Ada Byron",
                     *         "role": "user",
                     *         "locale": "en",
                     *         "emailVerified": false,
                     *         "createdAt": "2027-06-01T10:00:00.000Z",
                     *         "version": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `email_taken` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#email_taken",
                     *       "title": "There is an account with this email address",
                     *       "status": 409,
                     *       "code": "email_taken",
                     *       "instance": "/api/v1/auth/register",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description Understood, but not valid */
            422: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#validation_failed",
                     *       "title": "A value is not allowed",
                     *       "status": 422,
                     *       "code": "validation_failed",
                     *       "detail": "email: must be an email address such as name@example.org",
                     *       "errors": [
                     *         {
                     *           "path": "email",
                     *           "message": "must be an email address such as name@example.org"
                     *         }
                     *       ],
                     *       "instance": "/api/v1/auth/register",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
                     *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE",
                     *       "expiresIn": 900,
                     *       "device": "Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs",
                     *       "user": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "email": "ada@example.org",
                     *         "name": "Ada Byron",
                     *         "role": "user",
                     *         "locale": "en",
                     *         "emailVerified": false,
                     *         "createdAt": "2027-06-01T10:00:00.000Z",
                     *         "version": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            /** @description No valid access token */
            401: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description The scheme */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_secondStep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "challenge": "Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt",
                 *       "code": "492039"
                 *     }
                 */
                "application/json": components["schemas"]["SecondStep"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
                     *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE",
                     *       "expiresIn": 900,
                     *       "device": "Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs",
                     *       "user": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "email": "ada@example.org",
                     *         "name": "Ada Byron",
                     *         "role": "user",
                     *         "locale": "en",
                     *         "emailVerified": false,
                     *         "createdAt": "2027-06-01T10:00:00.000Z",
                     *         "version": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `wrong_code`: the login stays open for another try */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#wrong_code",
                     *       "title": "The code is not right, or was used before",
                     *       "status": 403,
                     *       "code": "wrong_code",
                     *       "instance": "/api/v1/auth/login/second-factor",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE"
                 *     }
                 */
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
                     *       "refreshToken": "3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE",
                     *       "expiresIn": 900,
                     *       "user": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "email": "ada@example.org",
                     *         "name": "Ada Byron",
                     *         "role": "user",
                     *         "locale": "en",
                     *         "emailVerified": false,
                     *         "createdAt": "2027-06-01T10:00:00.000Z",
                     *         "version": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_logout: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_logoutAll: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_forgot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.org"
                 *     }
                 */
                "application/json": components["schemas"]["Forgot"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "token-of-the-mail",
                 *       "password": "staple gun on the roof"
                 *     }
                 */
                "application/json": components["schemas"]["Reset"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description Understood, but not valid */
            422: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#link_invalid",
                     *       "title": "The link was used before, has expired, or was not issued here",
                     *       "status": 422,
                     *       "code": "link_invalid",
                     *       "instance": "/api/v1/auth/reset",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "token-of-the-mail"
                 *     }
                 */
                "application/json": components["schemas"]["Verify"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    auth_resend: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    me_me: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "email": "ada@example.org",
                     *       "name": "Ada Byron",
                     *       "role": "user",
                     *       "locale": "en",
                     *       "emailVerified": false,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            /** @description No valid access token */
            401: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description The scheme */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#unauthenticated",
                     *       "title": "A valid access token is needed",
                     *       "status": 401,
                     *       "code": "unauthenticated",
                     *       "instance": "/api/v1/auth/me",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    me_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a password of this test"
                 *     }
                 */
                "application/json": components["schemas"]["DeleteMe"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `wrong_password`; `step_up_required` where there is no password */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    me_edit: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Ada Lovelace"
                 *     }
                 */
                "application/json": components["schemas"]["EditMe"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "email": "person-6@example.org",
                     *       "name": "Ada Lovelace",
                     *       "role": "user",
                     *       "locale": "en",
                     *       "emailVerified": true,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `wrong_password`; `step_up_required` where there is no password */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `email_taken` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    me_changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current": "a password of this test",
                 *       "password": "another one of this test"
                 *     }
                 */
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `wrong_password` */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    me_export: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "email": "person-9@example.org",
                     *         "name": "Person-9",
                     *         "role": "user",
                     *         "locale": "en",
                     *         "emailVerified": true,
                     *         "createdAt": "2027-06-01T10:00:00.000Z",
                     *         "version": 1
                     *       },
                     *       "sessions": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000002",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "expiresAt": "2027-07-01T10:00:00.000Z",
                     *           "methods": [],
                     *           "browser": null,
                     *           "system": null,
                     *           "ip": null,
                     *           "provedAt": "2027-06-01T10:00:00.000Z",
                     *           "lastUsedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "records": {
                     *         "session": [
                     *           {
                     *             "id": "019ab0c0-0000-7000-8000-000000000002",
                     *             "ip": null,
                     *             "device": "Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs",
                     *             "key_id": null,
                     *             "origin": null,
                     *             "system": null,
                     *             "browser": null,
                     *             "methods": [],
                     *             "user_id": "019ab0c0-0000-7000-8000-000000000001",
                     *             "event_id": null,
                     *             "proved_at": "2027-06-01T10:00:00.000Z",
                     *             "created_at": "2027-06-01T10:00:00.000Z",
                     *             "expires_at": "2027-07-01T10:00:00.000Z",
                     *             "revoked_at": null,
                     *             "last_used_at": "2027-06-01T10:00:00.000Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AccountExport"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_stepUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "492039"
                 *     }
                 */
                "application/json": components["schemas"]["StepUp"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
                     *       "expiresIn": 900
                     *     }
                     */
                    "application/json": components["schemas"]["Proof"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `wrong_password`, `wrong_code`, `passkey_unknown`, `passkey_invalid`, … */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_standing: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "password": true,
                     *       "secondFactor": false,
                     *       "recoveryCodesLeft": 0,
                     *       "passkeys": 0,
                     *       "strong": false
                     *     }
                     */
                    "application/json": components["schemas"]["Security"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_all: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "expiresAt": "2027-07-01T10:00:00.000Z",
                     *           "methods": [
                     *             "password",
                     *             "totp"
                     *           ],
                     *           "browser": null,
                     *           "system": null,
                     *           "ip": "127.0.0.1",
                     *           "provedAt": "2027-06-01T10:00:00.000Z",
                     *           "lastUsedAt": "2027-06-01T10:00:00.000Z",
                     *           "current": false
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000002",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "expiresAt": "2027-07-01T10:00:00.000Z",
                     *           "methods": [
                     *             "password",
                     *             "totp"
                     *           ],
                     *           "browser": null,
                     *           "system": null,
                     *           "ip": "127.0.0.1",
                     *           "provedAt": "2027-06-01T10:00:00.000Z",
                     *           "lastUsedAt": "2027-06-01T10:00:00.000Z",
                     *           "current": true
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "expiresAt": "2027-07-01T10:00:00.000Z",
                     *           "methods": [
                     *             "password"
                     *           ],
                     *           "browser": null,
                     *           "system": null,
                     *           "ip": "127.0.0.1",
                     *           "provedAt": "2027-06-01T10:00:00.000Z",
                     *           "lastUsedAt": "2027-06-01T10:00:00.000Z",
                     *           "current": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_endOthers: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_end: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmSecondFactor"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorOn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `wrong_code` */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_on`, `second_factor_off` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_begin: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `second_factor_on` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_off: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `second_factor_off` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    security_codes: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recoveryCodes": [
                     *         "2b3c-d4e5-f6g7-h2i3",
                     *         "qrst-uvwx-yz23-4567"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `second_factor_off` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_beginLogin: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "challenge": "Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt",
                     *       "rpId": "localhost",
                     *       "timeout": 300000,
                     *       "userVerification": "required",
                     *       "allowCredentials": []
                     *     }
                     */
                    "application/json": components["schemas"]["PasskeyRequestOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyLogin"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `passkey_unknown`, `passkey_elsewhere`, `passkey_invalid`, `passkey_counter_back` */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_beginProof: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequestOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `second_factor_off`: the account has no passkey */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": []
                     *     }
                     */
                    "application/json": components["schemas"]["Passkeys"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddPasskey"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `passkey_elsewhere`, `passkey_invalid` */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkey_known`, `passkeys_full` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_begin: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "challenge": "Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt",
                     *       "rp": {
                     *         "id": "localhost",
                     *         "name": "Playhouse Erfurt"
                     *       },
                     *       "user": {
                     *         "id": "AaIxbPzmcNCJgYTmxM4ibg",
                     *         "name": "person-13@example.org",
                     *         "displayName": "Person-13"
                     *       },
                     *       "pubKeyCredParams": [
                     *         {
                     *           "type": "public-key",
                     *           "alg": -8
                     *         },
                     *         {
                     *           "type": "public-key",
                     *           "alg": -7
                     *         },
                     *         {
                     *           "type": "public-key",
                     *           "alg": -257
                     *         }
                     *       ],
                     *       "timeout": 300000,
                     *       "attestation": "none",
                     *       "excludeCredentials": [],
                     *       "authenticatorSelection": {
                     *         "residentKey": "required",
                     *         "requireResidentKey": true,
                     *         "userVerification": "required"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PasskeyCreationOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `passkeys_full` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_remove: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description `last_way_in`: the account has no password and no other passkey */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    passkeys_rename: {
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
                /**
                 * @example {
                 *       "name": "My phone"
                 *     }
                 */
                "application/json": components["schemas"]["RenamePasskey"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    users_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Part of the email address or the name */
                q?: string;
                role?: "user" | "organizer" | "admin";
                /** @description true: only those that are locked */
                locked?: "true" | "false";
                /** @description Without it: accounts */
                kind?: "account" | "customer";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "email": "person-1@example.org",
                     *           "name": "Person-1",
                     *           "role": "user",
                     *           "locale": "en",
                     *           "emailVerified": true,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "version": 1,
                     *           "kind": "account",
                     *           "organisationId": null,
                     *           "reference": null,
                     *           "lockedAt": null,
                     *           "lockedReason": null
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000002",
                     *           "email": "user-019ab0c0-0000-7000-8000-000000000002@example.org",
                     *           "name": "Person 01a2316c",
                     *           "role": "organizer",
                     *           "locale": "en",
                     *           "emailVerified": true,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "version": 2,
                     *           "kind": "account",
                     *           "organisationId": null,
                     *           "reference": null,
                     *           "lockedAt": null,
                     *           "lockedReason": null
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ",
                     *       "total": 11
                     *     }
                     */
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    people_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "email": "friend@example.org",
                     *         "name": "Friend",
                     *         "role": "user",
                     *         "locale": "en",
                     *         "emailVerified": true,
                     *         "createdAt": "2027-06-01T10:00:00.000Z",
                     *         "version": 1,
                     *         "kind": "account",
                     *         "organisationId": null,
                     *         "reference": null,
                     *         "lockedAt": null,
                     *         "lockedReason": null
                     *       },
                     *       "sessions": 1,
                     *       "payments": []
                     *     }
                     */
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    users_assign: {
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
                /**
                 * @example {
                 *       "role": "user"
                 *     }
                 */
                "application/json": components["schemas"]["AssignRole"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "email": "friend@example.org",
                     *       "name": "Friend",
                     *       "role": "user",
                     *       "locale": "en",
                     *       "emailVerified": true,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "version": 2,
                     *       "kind": "account",
                     *       "organisationId": null,
                     *       "reference": null,
                     *       "lockedAt": null,
                     *       "lockedReason": null
                     *     }
                     */
                    "application/json": components["schemas"]["ManagedAccount"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    users_lock: {
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
                /**
                 * @example {
                 *       "reason": "Cards of others were used"
                 *     }
                 */
                "application/json": components["schemas"]["LockAccount"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description `last_admin` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    users_unlock: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    users_lost: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description `second_factor_off` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    identities_open: {
        parameters: {
            query?: {
                /** @description Those of this organisation; else those of the whole installation */
                organisation?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "organisation": null,
                     *       "data": []
                     *     }
                     */
                    "application/json": components["schemas"]["OpenIdentityProviders"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    identities_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginIdentityLogin"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityLogin"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description There is no such provider */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    identities_finish: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishIdentityLogin"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    identities_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": []
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    identities_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginIdentityLogin"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityLogin"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `email_not_verified` */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such provider */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    identities_unlink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                identity: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description `last_way_in` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    identities_stepUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginIdentityLogin"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityLogin"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such provider */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_on` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminIdentityProviders_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": []
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProviderList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminIdentityProviders_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ID",
                 *       "issuer": "https://id.example.org/019ab0c0-0000-7000-8000-000000000001",
                 *       "clientId": "evently"
                 *     }
                 */
                "application/json": components["schemas"]["NewIdentityProvider"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000002",
                     *       "name": "ID",
                     *       "issuer": "https://id.example.org/019ab0c0-0000-7000-8000-000000000001",
                     *       "clientId": "evently",
                     *       "hasSecret": false,
                     *       "enabled": true,
                     *       "redirectUri": "http://localhost:8000/api/v1/auth/identities/callback/019ab0c0-0000-7000-8000-000000000002",
                     *       "people": 0,
                     *       "version": 1,
                     *       "createdAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProvider"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `identity_provider_exists`, `too_many_identity_providers` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminIdentityProviders_remove: {
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
            /** @description Removed */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminIdentityProviders_update: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["IdentityProviderChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "ID",
                     *       "issuer": "https://127.0.0.1/019ab0c0-0000-7000-8000-000000000001",
                     *       "clientId": "evently",
                     *       "hasSecret": false,
                     *       "enabled": false,
                     *       "redirectUri": "http://localhost:8000/api/v1/auth/identities/callback/019ab0c0-0000-7000-8000-000000000001",
                     *       "people": 0,
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProvider"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    adminIdentityProviders_look: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityProviderLook"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationIdentityProviders_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": []
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProviderList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationIdentityProviders_create: {
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
                /**
                 * @example {
                 *       "name": "ID",
                 *       "issuer": "https://id.example.org/019ab0c0-0000-7000-8000-000000000001",
                 *       "clientId": "evently"
                 *     }
                 */
                "application/json": components["schemas"]["NewIdentityProvider"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000002",
                     *       "name": "ID",
                     *       "issuer": "https://id.example.org/019ab0c0-0000-7000-8000-000000000001",
                     *       "clientId": "evently",
                     *       "hasSecret": false,
                     *       "enabled": true,
                     *       "redirectUri": "http://localhost:8000/api/v1/auth/identities/callback/019ab0c0-0000-7000-8000-000000000002",
                     *       "people": 0,
                     *       "version": 1,
                     *       "createdAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProvider"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description `identity_provider_exists`, `too_many_identity_providers` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationIdentityProviders_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationIdentityProviders_update: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["IdentityProviderChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "ID",
                     *       "issuer": "https://127.0.0.1/019ab0c0-0000-7000-8000-000000000001",
                     *       "clientId": "evently",
                     *       "hasSecret": false,
                     *       "enabled": false,
                     *       "redirectUri": "http://localhost:8000/api/v1/auth/identities/callback/019ab0c0-0000-7000-8000-000000000001",
                     *       "people": 0,
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProvider"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationIdentityProviders_look: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityProviderLook"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisations_mine: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": []
                     *     }
                     */
                    "application/json": components["schemas"]["OwnOrganisations"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisations_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Theatre association Erfurt"
                 *     }
                 */
                "application/json": components["schemas"]["NewOrganisation"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "Theatre association Erfurt",
                     *       "address": "",
                     *       "website": null,
                     *       "demandsSecondFactor": false,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisations_find: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "Person 01a2316c",
                     *       "address": "",
                     *       "website": null,
                     *       "demandsSecondFactor": false,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisations_edit: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "website": "https://theatre.example.org"
                 *     }
                 */
                "application/json": components["schemas"]["OrganisationEdit"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "Person 01a2316c",
                     *       "address": "",
                     *       "website": "https://theatre.example.org",
                     *       "demandsSecondFactor": false,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisations_leave: {
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
            /** @description Left */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisations_acceptOwnership: {
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
            /** @description You are an owner */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    members_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "userId": "019ab0c0-0000-7000-8000-000000000001",
                     *           "name": "Organizer",
                     *           "email": "organizer@example.org",
                     *           "owner": true,
                     *           "permissions": [],
                     *           "events": null,
                     *           "joinedAt": "2027-06-01T10:00:00.000Z",
                     *           "ownershipOfferedUntil": null
                     *         },
                     *         {
                     *           "userId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "name": "Person 01a2316c",
                     *           "email": "user-019ab0c0-0000-7000-8000-000000000002@example.org",
                     *           "owner": false,
                     *           "permissions": [
                     *             "door"
                     *           ],
                     *           "events": null,
                     *           "joinedAt": "2027-06-01T10:00:00.000Z",
                     *           "ownershipOfferedUntil": null
                     *         },
                     *         {
                     *           "userId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "name": "Person 01a2316c",
                     *           "email": "user-019ab0c0-0000-7000-8000-000000000003@example.org",
                     *           "owner": false,
                     *           "permissions": [
                     *             "door"
                     *           ],
                     *           "events": null,
                     *           "joinedAt": "2027-06-01T10:00:00.000Z",
                     *           "ownershipOfferedUntil": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    members_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                member: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "permissions": [
                 *         "door"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["MemberRights"];
            };
        };
        responses: {
            /** @description In force here at once, and on other replicas within a second */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    members_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                member: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In force here at once, and on other replicas within a second */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    members_offerOwnership: {
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
                /**
                 * @example {
                 *       "userId": "019ab0c0-0000-7000-8000-000000000001"
                 *     }
                 */
                "application/json": components["schemas"]["OwnershipOffer"];
            };
        };
        responses: {
            /** @description Offered, by mail as well */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    members_invited: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "email": "invited-019ab0c0-0000-7000-8000-000000000002@example.org",
                     *           "permissions": [
                     *             "door"
                     *           ],
                     *           "events": null,
                     *           "invitedBy": "019ab0c0-0000-7000-8000-000000000003",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "expiresAt": "2027-06-08T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    members_invite: {
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
                /**
                 * @example {
                 *       "email": "invited@example.org",
                 *       "permissions": [
                 *         "door"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "email": "invited@example.org",
                     *       "permissions": [
                     *         "door"
                     *       ],
                     *       "events": null,
                     *       "invitedBy": "019ab0c0-0000-7000-8000-000000000002",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "expiresAt": "2027-06-08T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    members_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                invitation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its link works no more */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    invitations_look: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "token-of-the-mail"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "organisation": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "name": "Person 01a2316c"
                     *       },
                     *       "email": "user-019ab0c0-0000-7000-8000-000000000002@example.org",
                     *       "permissions": [
                     *         "door"
                     *       ],
                     *       "events": null,
                     *       "expiresAt": "2027-06-08T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OpenInvitation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    invitations_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "token-of-the-mail"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "Person 01a2316c",
                     *       "address": "",
                     *       "website": null,
                     *       "demandsSecondFactor": false,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description Understood, but not valid */
            422: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#link_invalid",
                     *       "title": "The link was used before, has expired, or was not issued here",
                     *       "status": 422,
                     *       "code": "link_invalid",
                     *       "instance": "/api/v1/invitations/accept",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    keys_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "name": "Shop",
                     *           "test": false,
                     *           "ending": "1-Nw",
                     *           "permissions": [
                     *             "sell",
                     *             "people"
                     *           ],
                     *           "events": null,
                     *           "createdBy": "019ab0c0-0000-7000-8000-000000000002",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "expiresAt": null,
                     *           "lastUsedAt": null,
                     *           "requests": 0,
                     *           "endedAt": null,
                     *           "createdByName": "Organizer",
                     *           "createdByMember": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    keys_create: {
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
                /**
                 * @example {
                 *       "name": "Shop",
                 *       "permissions": [
                 *         "door"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "Shop",
                     *       "test": false,
                     *       "ending": "7QQo",
                     *       "permissions": [
                     *         "door"
                     *       ],
                     *       "events": null,
                     *       "createdBy": "019ab0c0-0000-7000-8000-000000000002",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "expiresAt": null,
                     *       "lastUsedAt": null,
                     *       "requests": 0,
                     *       "endedAt": null,
                     *       "createdByName": "Organizer",
                     *       "createdByMember": true,
                     *       "key": "evk_live_ywcdpAxZB5HanHAZZxlsqCHyVxIQlBSVBlBiQBm7QQo"
                     *     }
                     */
                    "application/json": components["schemas"]["MadeApiKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    keys_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapHours": 24
                 *     }
                 */
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "Shop",
                     *       "test": false,
                     *       "ending": "wsQs",
                     *       "permissions": [
                     *         "door"
                     *       ],
                     *       "events": null,
                     *       "createdBy": "019ab0c0-0000-7000-8000-000000000002",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "expiresAt": null,
                     *       "lastUsedAt": null,
                     *       "requests": 0,
                     *       "endedAt": null,
                     *       "createdByName": "Organizer",
                     *       "createdByMember": true,
                     *       "key": "evk_live_GOcJz1tjBFJmbn0xxFeXvHTc-25jyyFnwls98Y7wsQs"
                     *     }
                     */
                    "application/json": components["schemas"]["MadeApiKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    keys_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens nothing here at once, and on other replicas within a second */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationHouse_shown: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "pages": [
                     *         "imprint"
                     *       ],
                     *       "logo": "/api/v1/organisations/019ab0c0-0000-7000-8000-000000000001/house/logo?v=6b7fa434f92a8b80",
                     *       "version": 5,
                     *       "organisation": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "name": "Person 01a2316c",
                     *         "address": "",
                     *         "website": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OrganisationHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationHouse_texts: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LegalTexts"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationHouse_logo: {
        parameters: {
            query?: {
                /** @description Digest of the picture; with that of now it may be kept for a year */
                v?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description It has none of its own */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationHouse_settings: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": "/api/v1/organisations/019ab0c0-0000-7000-8000-000000000001/house/logo?v=6b7fa434f92a8b80",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["WholeOrganisationHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationHouse_replace: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Playhouse Erfurt",
                 *       "accent": "#8b1e3f",
                 *       "links": [
                 *         {
                 *           "label": {
                 *             "de": "Anfahrt",
                 *             "en": "Getting here"
                 *           },
                 *           "url": "https://playhouse.example.org/visit"
                 *         }
                 *       ],
                 *       "vat": {
                 *         "de": "Preise mit 7 % Umsatzsteuer",
                 *         "en": "Prices with 7 % VAT"
                 *       },
                 *       "imprint": {
                 *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                 *         "en": null
                 *       },
                 *       "privacy": {
                 *         "de": null,
                 *         "en": null
                 *       },
                 *       "terms": {
                 *         "de": null,
                 *         "en": null
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["OrganisationHouseSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": null,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["WholeOrganisationHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            /** @description Changed by someone else since it was read */
            412: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#version_mismatch",
                     *       "title": "Someone else changed this since it was read",
                     *       "status": 412,
                     *       "code": "version_mismatch",
                     *       "instance": "/api/v1/organisations/019ab0c0-0000-7000-8000-000000000001/house/settings",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationHouse_setLogo: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
                 *     }
                 */
                "application/json": components["schemas"]["NewLogo"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": "/api/v1/organisations/019ab0c0-0000-7000-8000-000000000001/house/logo?v=6b7fa434f92a8b80",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["WholeOrganisationHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationHouse_removeLogo: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Playhouse Erfurt",
                     *       "accent": "#8b1e3f",
                     *       "links": [
                     *         {
                     *           "url": "https://playhouse.example.org/visit",
                     *           "label": {
                     *             "de": "Anfahrt",
                     *             "en": "Getting here"
                     *           }
                     *         }
                     *       ],
                     *       "imprint": {
                     *         "de": "Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt",
                     *         "en": null
                     *       },
                     *       "privacy": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "terms": {
                     *         "de": null,
                     *         "en": null
                     *       },
                     *       "vat": {
                     *         "de": "Preise mit 7 % Umsatzsteuer",
                     *         "en": "Prices with 7 % VAT"
                     *       },
                     *       "logo": null,
                     *       "version": 3
                     *     }
                     */
                    "application/json": components["schemas"]["WholeOrganisationHouse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    venues_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Words in name, city or address */
                q?: string;
                /** @description Exact city, in any case */
                city?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "version": 1,
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "name": "Hall",
                     *           "address": "Street 1",
                     *           "city": "Erfurt",
                     *           "country": "DE",
                     *           "timezone": "Europe/Berlin",
                     *           "capacity": 200000,
                     *           "description": null,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "updatedAt": "2027-06-01T10:00:00.000Z"
                     *         },
                     *         {
                     *           "version": 1,
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "name": "Hall",
                     *           "address": "Street 1",
                     *           "city": "Erfurt",
                     *           "country": "DE",
                     *           "timezone": "Europe/Berlin",
                     *           "capacity": 1000,
                     *           "description": null,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "updatedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ",
                     *       "total": 6
                     *     }
                     */
                    "application/json": components["schemas"]["VenuePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    venues_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Riethsporthalle",
                 *       "address": "Essener Straße 20",
                 *       "city": "Erfurt",
                 *       "country": "DE",
                 *       "timezone": "Europe/Berlin",
                 *       "capacity": 1500,
                 *       "description": "Handball and concerts in the north of the city."
                 *     }
                 */
                "application/json": components["schemas"]["NewVenue"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "name": "Riethsporthalle",
                     *       "address": "Essener Straße 20",
                     *       "city": "Erfurt",
                     *       "country": "DE",
                     *       "timezone": "Europe/Berlin",
                     *       "capacity": 1500,
                     *       "description": "Handball and concerts in the north of the city.",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Venue"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    venues_find: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "name": "Hall",
                     *       "address": "Street 1",
                     *       "city": "Erfurt",
                     *       "country": "DE",
                     *       "timezone": "Europe/Berlin",
                     *       "capacity": 1000,
                     *       "description": null,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Venue"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    venues_delete: {
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
            /** @description Deleted */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    venues_update: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "capacity": 1600
                 *     }
                 */
                "application/json": components["schemas"]["VenueChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "name": "Hall",
                     *       "address": "Street 1",
                     *       "city": "Erfurt",
                     *       "country": "DE",
                     *       "timezone": "Europe/Berlin",
                     *       "capacity": 1600,
                     *       "description": null,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Venue"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    plans_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "venueId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "version": 1,
                     *           "name": "Small hall",
                     *           "seatCount": 48,
                     *           "placeCount": 58,
                     *           "createdAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["SeatingPlanList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    plans_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "plan": {
                 *         "name": "Plain hall",
                 *         "categories": [
                 *           {
                 *             "name": "C0",
                 *             "color": "#1d3557"
                 *           }
                 *         ],
                 *         "zones": [
                 *           {
                 *             "name": "B0",
                 *             "position": {
                 *               "x": 0,
                 *               "y": 0
                 *             },
                 *             "rows": [
                 *               {
                 *                 "row_number": "1",
                 *                 "position": {
                 *                   "x": 0,
                 *                   "y": 0
                 *                 },
                 *                 "seats": [
                 *                   {
                 *                     "seat_number": "1",
                 *                     "seat_guid": "0-1-1",
                 *                     "position": {
                 *                       "x": 0,
                 *                       "y": 0
                 *                     },
                 *                     "category": "C0"
                 *                   },
                 *                   {
                 *                     "seat_number": "2",
                 *                     "seat_guid": "0-1-2",
                 *                     "position": {
                 *                       "x": 24,
                 *                       "y": 0
                 *                     },
                 *                     "category": "C0"
                 *                   }
                 *                 ]
                 *               }
                 *             ]
                 *           }
                 *         ],
                 *         "size": {
                 *           "width": 48,
                 *           "height": 1000
                 *         }
                 *       },
                 *       "areas": []
                 *     }
                 */
                "application/json": components["schemas"]["NewSeatingPlan"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "version": 1,
                     *       "name": "Plain hall",
                     *       "seatCount": 2,
                     *       "placeCount": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["SeatingPlan"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    plans_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                planId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "version": 1,
                     *       "name": "Plain hall",
                     *       "seatCount": 2,
                     *       "placeCount": 2,
                     *       "accessible": [],
                     *       "areas": [],
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "plan": {
                     *         "name": "Plain hall",
                     *         "categories": [
                     *           {
                     *             "name": "C0",
                     *             "color": "#1d3557"
                     *           }
                     *         ],
                     *         "zones": [
                     *           {
                     *             "name": "B0",
                     *             "position": {
                     *               "x": 0,
                     *               "y": 0
                     *             },
                     *             "rows": [
                     *               {
                     *                 "row_number": "1",
                     *                 "position": {
                     *                   "x": 0,
                     *                   "y": 0
                     *                 },
                     *                 "seats": [
                     *                   {
                     *                     "seat_number": "1",
                     *                     "seat_guid": "0-1-1",
                     *                     "position": {
                     *                       "x": 0,
                     *                       "y": 0
                     *                     },
                     *                     "category": "C0"
                     *                   },
                     *                   {
                     *                     "seat_number": "2",
                     *                     "seat_guid": "0-1-2",
                     *                     "position": {
                     *                       "x": 24,
                     *                       "y": 0
                     *                     },
                     *                     "category": "C0"
                     *                   }
                     *                 ]
                     *               }
                     *             ]
                     *           }
                     *         ],
                     *         "size": {
                     *           "width": 48,
                     *           "height": 1000
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SeatingPlanExport"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventLists_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Words of title, category, venue, city and description; "a phrase", -without */
                q?: string;
                /** @description Also in other words for it: Konzert finds Concert */
                category?: string;
                city?: string;
                venue?: string;
                organizer?: string;
                /** @description Starts at this instant or later */
                from?: string;
                /** @description Starts before this instant */
                to?: string;
                currency?: string;
                /** @description Has a price of at least this, in minor units */
                priceMin?: number;
                /** @description Has a price of at most this, in minor units */
                priceMax?: number;
                /** @description true: on sale now with places left */
                available?: "true" | "false";
                /** @description true: your own events, drafts and sandbox events included */
                mine?: "true" | "false";
                /** @description With mine=true, or for administrators */
                status?: "draft" | "published" | "cancelled" | "completed";
                /** @description relevance when q is given, otherwise startsAt */
                sort?: "startsAt" | "-startsAt" | "price" | "-price" | "title" | "-publishedAt" | "relevance";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "title": "Final",
                     *           "category": "sport",
                     *           "status": "published",
                     *           "sandbox": false,
                     *           "startsAt": "2027-07-01T10:00:00.000Z",
                     *           "endsAt": "2027-07-01T12:00:00.000Z",
                     *           "timezone": "Europe/Berlin",
                     *           "currency": "EUR",
                     *           "saleStartsAt": null,
                     *           "saleEndsAt": null,
                     *           "salePausedAt": null,
                     *           "imageUrl": null,
                     *           "image": null,
                     *           "publishedAt": "2027-06-01T10:00:00.000Z",
                     *           "venue": {
                     *             "id": "019ab0c0-0000-7000-8000-000000000003",
                     *             "name": "Hall",
                     *             "city": "Erfurt",
                     *             "country": "DE"
                     *           },
                     *           "fromPrice": 1000,
                     *           "places": 58,
                     *           "freePlaces": 58
                     *         }
                     *       ],
                     *       "next": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description The request is malformed */
            400: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#invalid_query",
                     *       "title": "A query parameter has the wrong form",
                     *       "status": 400,
                     *       "code": "invalid_query",
                     *       "detail": "limit: must be at most 100",
                     *       "errors": [
                     *         {
                     *           "path": "limit",
                     *           "message": "must be at most 100"
                     *         }
                     *       ],
                     *       "instance": "/api/v1/events",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000001"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Problem401"];
            /** @description `status` without `mine` is for administrators */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "venueId": "019ab0c0-0000-7000-8000-000000000001",
                 *       "planId": "019ab0c0-0000-7000-8000-000000000002",
                 *       "title": "Final",
                 *       "category": "sport",
                 *       "startsAt": "2027-07-01T10:00:00.000Z",
                 *       "endsAt": "2027-07-02T10:00:00.000Z",
                 *       "currency": "EUR",
                 *       "priceTiers": [
                 *         {
                 *           "name": "All",
                 *           "price": 2000,
                 *           "category": "C0"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewEvent"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000003",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "title": "Final",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "draft",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 10,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": null,
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The account may not do this */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000003"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventLists_upcoming: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "title": "Final",
                     *           "category": "sport",
                     *           "status": "published",
                     *           "sandbox": false,
                     *           "startsAt": "2027-07-01T10:00:00.000Z",
                     *           "endsAt": "2027-07-01T12:00:00.000Z",
                     *           "timezone": "Europe/Berlin",
                     *           "currency": "EUR",
                     *           "saleStartsAt": null,
                     *           "saleEndsAt": null,
                     *           "salePausedAt": null,
                     *           "imageUrl": null,
                     *           "image": null,
                     *           "publishedAt": "2027-06-01T10:00:00.000Z",
                     *           "venue": {
                     *             "id": "019ab0c0-0000-7000-8000-000000000003",
                     *             "name": "Hall",
                     *             "city": "Erfurt",
                     *             "country": "DE"
                     *           },
                     *           "fromPrice": 1000,
                     *           "places": 58,
                     *           "freePlaces": 52
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "title": "Final",
                     *           "category": "sport",
                     *           "status": "published",
                     *           "sandbox": false,
                     *           "startsAt": "2027-07-01T10:00:00.000Z",
                     *           "endsAt": "2027-07-02T10:00:00.000Z",
                     *           "timezone": "Europe/Berlin",
                     *           "currency": "EUR",
                     *           "saleStartsAt": null,
                     *           "saleEndsAt": null,
                     *           "salePausedAt": null,
                     *           "imageUrl": null,
                     *           "image": null,
                     *           "publishedAt": "2027-06-01T10:00:00.000Z",
                     *           "venue": {
                     *             "id": "019ab0c0-0000-7000-8000-000000000005",
                     *             "name": "Hall",
                     *             "city": "Erfurt",
                     *             "country": "DE"
                     *           },
                     *           "fromPrice": 2000,
                     *           "places": 2,
                     *           "freePlaces": 0
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ",
                     *       "total": 3
                     *     }
                     */
                    "application/json": components["schemas"]["EventList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventLists_popular: {
        parameters: {
            query?: {
                /** @description Entries per page */
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "title": "Final",
                     *           "category": "sport",
                     *           "status": "published",
                     *           "sandbox": false,
                     *           "startsAt": "2027-07-01T10:00:00.000Z",
                     *           "endsAt": "2027-07-01T12:00:00.000Z",
                     *           "timezone": "Europe/Berlin",
                     *           "currency": "EUR",
                     *           "saleStartsAt": null,
                     *           "saleEndsAt": null,
                     *           "salePausedAt": null,
                     *           "imageUrl": null,
                     *           "image": null,
                     *           "publishedAt": "2027-06-01T10:00:00.000Z",
                     *           "venue": {
                     *             "id": "019ab0c0-0000-7000-8000-000000000003",
                     *             "name": "Hall",
                     *             "city": "Erfurt",
                     *             "country": "DE"
                     *           },
                     *           "fromPrice": 1000,
                     *           "places": 58,
                     *           "freePlaces": 52
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "title": "Final",
                     *           "category": "sport",
                     *           "status": "published",
                     *           "sandbox": false,
                     *           "startsAt": "2027-07-01T10:00:00.000Z",
                     *           "endsAt": "2027-07-02T10:00:00.000Z",
                     *           "timezone": "Europe/Berlin",
                     *           "currency": "EUR",
                     *           "saleStartsAt": null,
                     *           "saleEndsAt": null,
                     *           "salePausedAt": null,
                     *           "imageUrl": null,
                     *           "image": null,
                     *           "publishedAt": "2027-06-01T10:00:00.000Z",
                     *           "venue": {
                     *             "id": "019ab0c0-0000-7000-8000-000000000005",
                     *             "name": "Hall",
                     *             "city": "Erfurt",
                     *             "country": "DE"
                     *           },
                     *           "fromPrice": 2000,
                     *           "places": 2,
                     *           "freePlaces": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PopularEvents"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventLists_categories: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "category": "sport",
                     *           "events": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EventCategories"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventLists_cities: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "city": "Erfurt",
                     *           "events": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EventCities"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_find: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Final",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "published",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-01T12:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 10,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": "2027-06-01T10:00:00.000Z",
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "Stalls",
                     *           "price": 2000,
                     *           "category": "Stalls",
                     *           "area": null
                     *         },
                     *         {
                     *           "no": 1,
                     *           "name": "Standing",
                     *           "price": 1000,
                     *           "category": null,
                     *           "area": "Standing"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description Nothing there, or it belongs to someone else */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "detail": "There is no such event.",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_delete: {
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
            /** @description Deleted */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_edit: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Season opening",
                 *       "maxSeatsPerBooking": 6
                 *     }
                 */
                "application/json": components["schemas"]["EventEdit"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Season opening",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "draft",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 6,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": null,
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            /** @description Changed by someone else since it was read */
            412: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#version_mismatch",
                     *       "title": "Someone else changed this since it was read",
                     *       "status": 412,
                     *       "code": "version_mismatch",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            /** @description If-Match is missing */
            428: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#if_match_required",
                     *       "title": "Edits need the If-Match header with the ETag last read",
                     *       "status": 428,
                     *       "code": "if_match_required",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_pause: {
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
                /**
                 * @example {
                 *       "reason": "We are checking the seating plan and go on at noon."
                 *     }
                 */
                "application/json": components["schemas"]["SalePause"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Final",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "published",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": "2027-06-01T10:00:00.000Z",
                     *       "salePauseReason": "We are checking the seating plan and go on at noon.",
                     *       "maxSeatsPerBooking": 10,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": "2027-06-01T10:00:00.000Z",
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description A draft, or over or cancelled */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_resume: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Final",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "published",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 10,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": "2027-06-01T10:00:00.000Z",
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description A draft, or over or cancelled */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_priceTiers: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "Stalls",
                     *           "price": 2000,
                     *           "category": "Stalls",
                     *           "area": null
                     *         },
                     *         {
                     *           "no": 1,
                     *           "name": "Standing",
                     *           "price": 1000,
                     *           "category": null,
                     *           "area": "Standing"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PriceTiers"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    events_setPriceTiers: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "priceTiers": [
                 *         {
                 *           "name": "All",
                 *           "price": 1,
                 *           "category": "C0"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PriceTiersInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 1,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PriceTiers"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventImages_set: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/png": string;
                "image/jpeg": string;
                "image/webp": string;
                "image/avif": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Season opening",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "draft",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 6,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": {
                     *         "hash": "6b7fa434f92a8b80aab02d9bf1a12e49",
                     *         "width": 1,
                     *         "height": 1,
                     *         "widths": [
                     *           1
                     *         ]
                     *       },
                     *       "publishedAt": null,
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventImages_remove: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Final",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "draft",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 10,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": null,
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    buyerSessions_open: {
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
                /**
                 * @example {
                 *       "origin": "https://shop.example.org",
                 *       "customer": {
                 *         "reference": "C-1042",
                 *         "name": "Ada Byron",
                 *         "email": "ada@example.org",
                 *         "locale": "en"
                 *       },
                 *       "minutes": 30
                 *     }
                 */
                "application/json": components["schemas"]["NewBuyerSession"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
                     *       "expiresAt": "2027-06-01T10:30:00.000Z",
                     *       "customerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "origin": "https://shop.example.org"
                     *     }
                     */
                    "application/json": components["schemas"]["BuyerSession"];
                };
            };
            400: components["responses"]["Problem400"];
            /** @description No valid access token */
            401: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description The scheme */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#unauthenticated",
                     *       "title": "A valid access token is needed",
                     *       "status": 401,
                     *       "code": "unauthenticated",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001/buyer-sessions",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account may not do this */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#key_needed",
                     *       "title": "Only a key of an organisation does this",
                     *       "status": 403,
                     *       "code": "key_needed",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001/buyer-sessions",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    buyerSessions_end: {
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
            /** @description It opens nothing here at once, and on other replicas within a second; its holds live on */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    customers_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Exactly this customer */
                reference?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "organisationId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "reference": "C-1042",
                     *           "name": "Ada Byron",
                     *           "email": "ada@example.org",
                     *           "locale": "en",
                     *           "createdAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["CustomerPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    customers_export: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "customer": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "organisationId": "019ab0c0-0000-7000-8000-000000000002",
                     *         "reference": "C-1042",
                     *         "name": "Ada Byron",
                     *         "email": "ada@example.org",
                     *         "locale": "en",
                     *         "createdAt": "2027-06-01T10:00:00.000Z"
                     *       },
                     *       "records": {
                     *         "session": [
                     *           {
                     *             "id": "019ab0c0-0000-7000-8000-000000000003",
                     *             "ip": null,
                     *             "device": "Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs",
                     *             "key_id": "019ab0c0-0000-7000-8000-000000000004",
                     *             "origin": "https://shop.example.org",
                     *             "system": null,
                     *             "browser": null,
                     *             "methods": [],
                     *             "user_id": "019ab0c0-0000-7000-8000-000000000001",
                     *             "event_id": "019ab0c0-0000-7000-8000-000000000005",
                     *             "proved_at": "2027-06-01T10:00:00.000Z",
                     *             "created_at": "2027-06-01T10:00:00.000Z",
                     *             "expires_at": "2027-06-01T10:30:00.000Z",
                     *             "revoked_at": null,
                     *             "last_used_at": "2027-06-01T10:00:00.000Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CustomerExport"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    customers_erase: {
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
            /** @description Erased */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    publishing_publish: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Final",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "published",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 10,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": "2027-06-01T10:00:00.000Z",
                     *       "cancelledAt": null,
                     *       "cancellationReason": null,
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ],
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["PublishedEvent"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The account may not do this */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#buyer_session_not_allowed",
                     *       "title": "Buyer sessions do not open this",
                     *       "status": 403,
                     *       "code": "buyer_session_not_allowed",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001/publish",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    publishing_block: {
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
                /**
                 * @example {
                 *       "seats": [
                 *         0
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SeatList"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedSeats"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    publishing_unblock: {
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
                /**
                 * @example {
                 *       "seats": [
                 *         0
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SeatList"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": 0
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedSeats"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    seats_map: {
        parameters: {
            query?: {
                /** @description `false` leaves out the labels of the seats, a third of the answer; section, row and number tell as much */
                labels?: "true" | "false";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "planId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "name": "Small hall",
                     *       "width": 420,
                     *       "height": 120,
                     *       "count": 48,
                     *       "sections": [
                     *         "Hall"
                     *       ],
                     *       "categories": [
                     *         {
                     *           "name": "Stalls",
                     *           "color": "#1d3557"
                     *         }
                     *       ],
                     *       "areas": [
                     *         {
                     *           "name": "Standing",
                     *           "capacity": 10
                     *         }
                     *       ],
                     *       "shapes": [],
                     *       "seats": {
                     *         "x": [
                     *           20,
                     *           44,
                     *           68,
                     *           92,
                     *           116,
                     *           140,
                     *           164,
                     *           188,
                     *           212,
                     *           236,
                     *           260,
                     *           284,
                     *           308,
                     *           332,
                     *           356,
                     *           380,
                     *           20,
                     *           44,
                     *           68,
                     *           92,
                     *           116,
                     *           140,
                     *           164,
                     *           188,
                     *           212,
                     *           236,
                     *           260,
                     *           284,
                     *           308,
                     *           332,
                     *           356,
                     *           380,
                     *           20,
                     *           44,
                     *           68,
                     *           92,
                     *           116,
                     *           140,
                     *           164,
                     *           188,
                     *           212,
                     *           236,
                     *           260,
                     *           284,
                     *           308,
                     *           332,
                     *           356,
                     *           380
                     *         ],
                     *         "y": [
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           20,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           50,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80,
                     *           80
                     *         ],
                     *         "label": [
                     *           "Hall-1-1",
                     *           "Hall-1-2",
                     *           "Hall-1-3",
                     *           "Hall-1-4",
                     *           "Hall-1-5",
                     *           "Hall-1-6",
                     *           "Hall-1-7",
                     *           "Hall-1-8",
                     *           "Hall-1-9",
                     *           "Hall-1-10",
                     *           "Hall-1-11",
                     *           "Hall-1-12",
                     *           "Hall-1-13",
                     *           "Hall-1-14",
                     *           "Hall-1-15",
                     *           "Hall-1-16",
                     *           "Hall-2-1",
                     *           "Hall-2-2",
                     *           "Hall-2-3",
                     *           "Hall-2-4",
                     *           "Hall-2-5",
                     *           "Hall-2-6",
                     *           "Hall-2-7",
                     *           "Hall-2-8",
                     *           "Hall-2-9",
                     *           "Hall-2-10",
                     *           "Hall-2-11",
                     *           "Hall-2-12",
                     *           "Hall-2-13",
                     *           "Hall-2-14",
                     *           "Hall-2-15",
                     *           "Hall-2-16",
                     *           "Hall-3-1",
                     *           "Hall-3-2",
                     *           "Hall-3-3",
                     *           "Hall-3-4",
                     *           "Hall-3-5",
                     *           "Hall-3-6",
                     *           "Hall-3-7",
                     *           "Hall-3-8",
                     *           "Hall-3-9",
                     *           "Hall-3-10",
                     *           "Hall-3-11",
                     *           "Hall-3-12",
                     *           "Hall-3-13",
                     *           "Hall-3-14",
                     *           "Hall-3-15",
                     *           "Hall-3-16"
                     *         ],
                     *         "row": [
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "1",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "2",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3",
                     *           "3"
                     *         ],
                     *         "number": [
                     *           "1",
                     *           "2",
                     *           "3",
                     *           "4",
                     *           "5",
                     *           "6",
                     *           "7",
                     *           "8",
                     *           "9",
                     *           "10",
                     *           "11",
                     *           "12",
                     *           "13",
                     *           "14",
                     *           "15",
                     *           "16",
                     *           "1",
                     *           "2",
                     *           "3",
                     *           "4",
                     *           "5",
                     *           "6",
                     *           "7",
                     *           "8",
                     *           "9",
                     *           "10",
                     *           "11",
                     *           "12",
                     *           "13",
                     *           "14",
                     *           "15",
                     *           "16",
                     *           "1",
                     *           "2",
                     *           "3",
                     *           "4",
                     *           "5",
                     *           "6",
                     *           "7",
                     *           "8",
                     *           "9",
                     *           "10",
                     *           "11",
                     *           "12",
                     *           "13",
                     *           "14",
                     *           "15",
                     *           "16"
                     *         ],
                     *         "section": [
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0
                     *         ],
                     *         "category": [
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0,
                     *           0
                     *         ]
                     *       },
                     *       "accessible": [
                     *         32
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SeatMap"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    seats_states: {
        parameters: {
            query?: {
                /** @description As it was then, after all changes up to that moment; for the organizer of the event. `seq` and the version of the prices are 0 when the feed (24 hours or 100,000 changes) no longer has that time */
                at?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "epoch": "5e0c1b7a9f42",
                     *       "seq": 0,
                     *       "count": 48,
                     *       "states": "AAAAAAAAAAAAAAAA",
                     *       "sections": [
                     *         {
                     *           "name": "Hall",
                     *           "free": 48,
                     *           "held": 0,
                     *           "booked": 0,
                     *           "blocked": 0
                     *         }
                     *       ],
                     *       "areas": [
                     *         {
                     *           "area": "Standing",
                     *           "capacity": 10,
                     *           "held": 0,
                     *           "booked": 0
                     *         }
                     *       ],
                     *       "prices": {
                     *         "version": 1,
                     *         "categories": [
                     *           {
                     *             "category": "Stalls",
                     *             "price": 2000
                     *           }
                     *         ],
                     *         "areas": [
                     *           {
                     *             "area": "Standing",
                     *             "price": 1000
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SeatStates"];
                    "application/octet-stream": components["schemas"]["SeatStates"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            /** @description `event_not_on_sale` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `at` lies before publishing or in the future */
            422: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#validation_failed",
                     *       "title": "A value is not allowed",
                     *       "status": 422,
                     *       "code": "validation_failed",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    seats_changes: {
        parameters: {
            query: {
                since: number;
                /** @description Names the history that seq counts in; another one after a restore */
                epoch?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "epoch": "5e0c1b7a9f42",
                     *       "from": 0,
                     *       "to": 3,
                     *       "changes": [
                     *         [
                     *           0,
                     *           1
                     *         ],
                     *         [
                     *           1,
                     *           1
                     *         ],
                     *         [
                     *           2,
                     *           1
                     *         ],
                     *         [
                     *           3,
                     *           1
                     *         ],
                     *         [
                     *           4,
                     *           1
                     *         ]
                     *       ],
                     *       "areas": [
                     *         [
                     *           "Standing",
                     *           2,
                     *           0
                     *         ]
                     *       ],
                     *       "priceVersion": 1
                     *     }
                     */
                    "application/json": components["schemas"]["SeatChanges"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            /** @description `event_not_on_sale` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No longer kept */
            410: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#feed_gone",
                     *       "title": "Changes since that number are no longer kept; read the state again",
                     *       "status": 410,
                     *       "code": "feed_gone",
                     *       "epoch": "5e0c1b7a9f42",
                     *       "seq": 3,
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001/seats/changes",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    seats_history: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "type": "booking.held",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000001",
                     *           "actor": "019ab0c0-0000-7000-8000-000000000002",
                     *           "at": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["SeatHistory"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    holds_hold: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHold"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The state of things does not allow it */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description Understood, but not valid */
            422: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#unknown_seats",
                     *       "title": "At least one seat number is not part of this event",
                     *       "status": 422,
                     *       "code": "unknown_seats",
                     *       "detail": "This event has no seat 999999.",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001/holds",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    bookings_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                status?: "held" | "paying" | "confirmed" | "cancelling" | "cancelled" | "released" | "expired";
                eventId?: string;
                /** @description Made at this time or later */
                from?: string;
                /** @description Made before this time */
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "code": "K7RM-2XQF",
                     *           "status": "confirmed",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "expiresAt": null,
                     *           "currency": "EUR",
                     *           "total": 2000,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "endReason": null,
                     *           "items": [
                     *             {
                     *               "id": "019ab0c0-0000-7000-8000-000000000003",
                     *               "status": "confirmed",
                     *               "seat": {
                     *                 "n": 0,
                     *                 "label": "Hall-1-1"
                     *               },
                     *               "area": null,
                     *               "place": {
                     *                 "block": "Hall",
                     *                 "row": "1",
                     *                 "seat": "1",
                     *                 "text": "Hall, row 1, seat 1"
                     *               },
                     *               "price": 2000
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "code": "K7RM-2XQF",
                     *           "status": "released",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000005",
                     *           "expiresAt": null,
                     *           "currency": "EUR",
                     *           "total": 2000,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "endReason": "released_by_buyer",
                     *           "items": [
                     *             {
                     *               "id": "019ab0c0-0000-7000-8000-000000000006",
                     *               "status": "released",
                     *               "seat": {
                     *                 "n": 0,
                     *                 "label": "B0-1-1"
                     *               },
                     *               "area": null,
                     *               "place": {
                     *                 "block": "B0",
                     *                 "row": "1",
                     *                 "seat": "1",
                     *                 "text": "B0, row 1, seat 1"
                     *               },
                     *               "price": 2000
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ",
                     *       "total": 8
                     *     }
                     */
                    "application/json": components["schemas"]["BookingPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    bookings_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "status": "confirmed",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "expiresAt": null,
                     *       "currency": "EUR",
                     *       "total": 2000,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "endReason": null,
                     *       "items": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "status": "confirmed",
                     *           "seat": {
                     *             "n": 35,
                     *             "label": "Hall-3-4"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "4",
                     *             "text": "Hall, row 3, seat 4"
                     *           },
                     *           "price": 2000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Nothing there, or it belongs to someone else */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "detail": "There is no such booking of yours.",
                     *       "instance": "/api/v1/bookings/019ab0c0-0000-7000-8000-000000000001",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    bookings_release: {
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
            /** @description Released */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description Not a hold any more */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    bookings_extend: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "status": "held",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "expiresAt": "2027-06-01T10:20:00.000Z",
                     *       "currency": "EUR",
                     *       "total": 4000,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "endReason": null,
                     *       "items": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "status": "held",
                     *           "seat": {
                     *             "n": 0,
                     *             "label": "Hall-1-1"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "1",
                     *             "seat": "1",
                     *             "text": "Hall, row 1, seat 1"
                     *           },
                     *           "price": 2000
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "status": "held",
                     *           "seat": {
                     *             "n": 1,
                     *             "label": "Hall-1-2"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "1",
                     *             "seat": "2",
                     *             "text": "Hall, row 1, seat 2"
                     *           },
                     *           "price": 2000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description Not a hold any more, extended before, or held until the sale ends */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#already_extended",
                     *       "title": "The hold was extended before",
                     *       "status": 409,
                     *       "code": "already_extended",
                     *       "instance": "/api/v1/bookings/019ab0c0-0000-7000-8000-000000000001/extend",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    sandbox_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "approve": true
                 *     }
                 */
                "application/json": components["schemas"]["SandboxAnswer"];
            };
        };
        responses: {
            /** @description Told to the provider */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    payments_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                bookingId?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "method": "card",
                     *           "provider": "sandbox",
                     *           "amount": 2000,
                     *           "currency": "EUR",
                     *           "status": "captured",
                     *           "failure": null,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "refunds": []
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000005",
                     *           "method": "card",
                     *           "provider": "sandbox",
                     *           "amount": 2000,
                     *           "currency": "EUR",
                     *           "status": "captured",
                     *           "failure": null,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "refunds": [
                     *             {
                     *               "id": "019ab0c0-0000-7000-8000-000000000006",
                     *               "amount": 2000,
                     *               "status": "succeeded",
                     *               "createdAt": "2027-06-01T10:00:00.000Z"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ"
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    payments_method: {
        parameters: {
            query?: {
                /** @description true: for a sandbox event, whose payments move no money */
                sandbox?: "true" | "false";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "provider": "sandbox",
                     *       "method": "card",
                     *       "publishableKey": null
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentMethod"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tickets_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "code": "K7RM-2XQF",
                     *           "status": "valid",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "bookingCode": "K7RM-2XQF",
                     *           "itemId": "019ab0c0-0000-7000-8000-000000000004",
                     *           "seat": {
                     *             "n": 0,
                     *             "label": "Hall-1-1"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "1",
                     *             "seat": "1",
                     *             "text": "Hall, row 1, seat 1"
                     *           },
                     *           "price": 2000,
                     *           "currency": "EUR",
                     *           "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
                     *           "checkedInAt": null,
                     *           "issuedAt": "2027-06-01T10:00:00.000Z"
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000005",
                     *           "code": "K7RM-2XQF",
                     *           "status": "cancelled",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000006",
                     *           "bookingCode": "K7RM-2XQF",
                     *           "itemId": "019ab0c0-0000-7000-8000-000000000007",
                     *           "seat": {
                     *             "n": 35,
                     *             "label": "Hall-3-4"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "4",
                     *             "text": "Hall, row 3, seat 4"
                     *           },
                     *           "price": 2000,
                     *           "currency": "EUR",
                     *           "token": null,
                     *           "checkedInAt": null,
                     *           "issuedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ"
                     *     }
                     */
                    "application/json": components["schemas"]["TicketPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tickets_published: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "kty": "OKP",
                     *           "crv": "Ed25519",
                     *           "use": "sig",
                     *           "kid": "00010203",
                     *           "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TicketKeys"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tickets_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "status": "valid",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "bookingCode": "K7RM-2XQF",
                     *       "itemId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "seat": {
                     *         "n": 6,
                     *         "label": "Hall-1-7"
                     *       },
                     *       "area": null,
                     *       "place": {
                     *         "block": "Hall",
                     *         "row": "1",
                     *         "seat": "7",
                     *         "text": "Hall, row 1, seat 7"
                     *       },
                     *       "price": 2000,
                     *       "currency": "EUR",
                     *       "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
                     *       "checkedInAt": null,
                     *       "issuedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tickets_png: {
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
            /** @description The picture */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tickets_svg: {
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
            /** @description The picture */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tickets_pdf: {
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
            /** @description One page */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tickets_calendar: {
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
            /** @description iCalendar (RFC 5545) */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    bookingTickets_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "code": "K7RM-2XQF",
                     *           "status": "valid",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "bookingCode": "K7RM-2XQF",
                     *           "itemId": "019ab0c0-0000-7000-8000-000000000004",
                     *           "seat": {
                     *             "n": 33,
                     *             "label": "Hall-3-2"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "2",
                     *             "text": "Hall, row 3, seat 2"
                     *           },
                     *           "price": 2000,
                     *           "currency": "EUR",
                     *           "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
                     *           "checkedInAt": null,
                     *           "issuedAt": "2027-06-01T10:00:00.000Z"
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000005",
                     *           "code": "K7RM-2XQF",
                     *           "status": "valid",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "bookingCode": "K7RM-2XQF",
                     *           "itemId": "019ab0c0-0000-7000-8000-000000000006",
                     *           "seat": {
                     *             "n": 34,
                     *             "label": "Hall-3-3"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "3",
                     *             "text": "Hall, row 3, seat 3"
                     *           },
                     *           "price": 2000,
                     *           "currency": "EUR",
                     *           "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
                     *           "checkedInAt": null,
                     *           "issuedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TicketList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    bookingTickets_pdf: {
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
            /** @description The pages */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    bookingTickets_calendar: {
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
            /** @description iCalendar (RFC 5545) */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    checkIn_attendance: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expected": 15,
                     *       "checkedIn": 1,
                     *       "gates": [
                     *         {
                     *           "gate": "North",
                     *           "checkedIn": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Attendance"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    checkIn_enter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
                 *       "gate": "North"
                 *     }
                 */
                "application/json": components["schemas"]["Scan"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticketId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "bookingCode": "K7RM-2XQF",
                     *       "holder": "Buyer",
                     *       "seat": {
                     *         "n": 33,
                     *         "label": "Hall-3-2"
                     *       },
                     *       "area": null,
                     *       "place": {
                     *         "block": "Hall",
                     *         "row": "3",
                     *         "seat": "2",
                     *         "text": "Hall, row 3, seat 2"
                     *       },
                     *       "checkedInAt": "2027-06-01T10:00:00.000Z",
                     *       "gate": "North",
                     *       "sandbox": false
                     *     }
                     */
                    "application/json": components["schemas"]["Scanned"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The state of things does not allow it */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#already_checked_in",
                     *       "title": "The ticket was scanned before",
                     *       "status": 409,
                     *       "code": "already_checked_in",
                     *       "checkedInAt": "2027-06-01T10:00:00.000Z",
                     *       "gate": "North",
                     *       "ticket": {
                     *         "ticketId": "019ab0c0-0000-7000-8000-000000000001",
                     *         "code": "K7RM-2XQF",
                     *         "bookingCode": "K7RM-2XQF",
                     *         "holder": "Buyer",
                     *         "seat": {
                     *           "n": 33,
                     *           "label": "Hall-3-2"
                     *         },
                     *         "area": null,
                     *         "place": {
                     *           "block": "Hall",
                     *           "row": "3",
                     *           "seat": "2",
                     *           "text": "Hall, row 3, seat 2"
                     *         },
                     *         "checkedInAt": "2027-06-01T10:00:00.000Z",
                     *         "gate": "North",
                     *         "sandbox": false
                     *       },
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000002/check-in",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000003"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    checkIn_leave: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q",
                 *       "gate": "North"
                 *     }
                 */
                "application/json": components["schemas"]["Scan"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticketId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "bookingCode": "K7RM-2XQF",
                     *       "holder": "Buyer",
                     *       "seat": {
                     *         "n": 13,
                     *         "label": "Hall-1-14"
                     *       },
                     *       "area": null,
                     *       "place": {
                     *         "block": "Hall",
                     *         "row": "1",
                     *         "seat": "14",
                     *         "text": "Hall, row 1, seat 14"
                     *       },
                     *       "checkedInAt": null,
                     *       "gate": null,
                     *       "sandbox": false
                     *     }
                     */
                    "application/json": components["schemas"]["Scanned"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    transfers_offer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "friend@example.org"
                 *     }
                 */
                "application/json": components["schemas"]["TicketOffer"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "ticketId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "direction": "outgoing",
                     *       "state": "offered",
                     *       "email": "friend@example.org",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "expiresAt": "2027-06-08T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["TicketTransfer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    transfers_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "ticketId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "direction": "outgoing",
                     *           "state": "offered",
                     *           "email": "friend@example.org",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "expiresAt": "2027-06-08T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TicketTransferList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    transfers_accept: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "ticketId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "direction": "incoming",
                     *       "state": "accepted",
                     *       "email": null,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "expiresAt": "2027-06-08T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["TicketTransfer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `email_not_verified` */
            403: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#forbidden",
                     *       "title": "The role of this account does not allow this",
                     *       "status": 403,
                     *       "code": "forbidden",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    transfers_decline: {
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
            /** @description Declined */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    transfers_withdraw: {
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
            /** @description Withdrawn */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    discrepancies_compare: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "days": 1
                 *     }
                 */
                "application/json": components["schemas"]["PaymentComparison"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "complete": true,
                     *       "until": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentComparisonAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    discrepancies_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                status?: "open" | "repaired" | "resolved";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentDiscrepancyPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    discrepancies_resolve: {
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
                /**
                 * @example {
                 *       "note": "Refunded by the box office after a double booking"
                 *     }
                 */
                "application/json": components["schemas"]["DiscrepancyResolution"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "provider": "sandbox",
                     *       "kind": "refunded_elsewhere",
                     *       "ref": "019ab0c0-0000-7000-8000-000000000001",
                     *       "paymentId": null,
                     *       "expected": {},
                     *       "found": {},
                     *       "status": "resolved",
                     *       "note": "Refunded by the box office after a double booking",
                     *       "resolvedBy": "019ab0c0-0000-7000-8000-000000000002",
                     *       "foundAt": "2027-06-01T10:00:00.000Z",
                     *       "resolvedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentDiscrepancy"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    webhooks_stripe: {
        parameters: {
            query?: never;
            header: {
                "Stripe-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StripeEvent"];
            };
        };
        responses: {
            /** @description Kept, or known before */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_signature` */
            400: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#missing_field",
                     *       "title": "A required field is missing",
                     *       "status": 400,
                     *       "code": "missing_field",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Problem401"];
            /** @description Stripe is not set up here */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    checkout_checkout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Checkout"];
            };
        };
        responses: {
            /** @description Confirmed */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "status": "confirmed",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "expiresAt": null,
                     *       "currency": "EUR",
                     *       "total": 4000,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "endReason": null,
                     *       "items": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "status": "confirmed",
                     *           "seat": {
                     *             "n": 33,
                     *             "label": "Hall-3-2"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "2",
                     *             "text": "Hall, row 3, seat 2"
                     *           },
                     *           "price": 2000
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "status": "confirmed",
                     *           "seat": {
                     *             "n": 34,
                     *             "label": "Hall-3-3"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "3",
                     *             "text": "Hall, row 3, seat 3"
                     *           },
                     *           "price": 2000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            /** @description The payment is under way */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "status": "paying",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "expiresAt": "2027-06-01T10:15:00.000Z",
                     *       "currency": "EUR",
                     *       "total": 2000,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "endReason": null,
                     *       "items": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "status": "held",
                     *           "seat": {
                     *             "n": 35,
                     *             "label": "Hall-3-4"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "4",
                     *             "text": "Hall, row 3, seat 4"
                     *           },
                     *           "price": 2000
                     *         }
                     *       ],
                     *       "nextAction": {
                     *         "url": "http://localhost:8000/api/v1/payments/sandbox/sb_019ab0c0-0000-7000-8000-000000000004/confirm",
                     *         "type": "confirm"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description `payment_declined`: `reason` says why, `booking` how long the hold lasts. `payment_not_collected`: `booking` has ended */
            402: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#payment_declined",
                     *       "title": "The payment was declined",
                     *       "status": 402,
                     *       "code": "payment_declined",
                     *       "reason": "declined_by_bank",
                     *       "booking": {
                     *         "id": "019ab0c0-0000-7000-8000-000000000001",
                     *         "code": "K7RM-2XQF",
                     *         "status": "held",
                     *         "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *         "expiresAt": "2027-06-01T10:10:00.000Z",
                     *         "currency": "EUR",
                     *         "total": 4000,
                     *         "createdAt": "2027-06-01T10:00:00.000Z",
                     *         "endReason": null,
                     *         "items": [
                     *           {
                     *             "id": "019ab0c0-0000-7000-8000-000000000003",
                     *             "status": "held",
                     *             "seat": {
                     *               "n": 33,
                     *               "label": "Hall-3-2"
                     *             },
                     *             "area": null,
                     *             "place": {
                     *               "block": "Hall",
                     *               "row": "3",
                     *               "seat": "2",
                     *               "text": "Hall, row 3, seat 2"
                     *             },
                     *             "price": 2000
                     *           },
                     *           {
                     *             "id": "019ab0c0-0000-7000-8000-000000000004",
                     *             "status": "held",
                     *             "seat": {
                     *               "n": 34,
                     *               "label": "Hall-3-3"
                     *             },
                     *             "area": null,
                     *             "place": {
                     *               "block": "Hall",
                     *               "row": "3",
                     *               "seat": "3",
                     *               "text": "Hall, row 3, seat 3"
                     *             },
                     *             "price": 2000
                     *           }
                     *         ]
                     *       },
                     *       "instance": "/api/v1/bookings/019ab0c0-0000-7000-8000-000000000001/checkout",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000005"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The state of things does not allow it */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_held",
                     *       "title": "The booking is not a hold any more",
                     *       "status": 409,
                     *       "code": "not_held",
                     *       "instance": "/api/v1/bookings/019ab0c0-0000-7000-8000-000000000001/checkout",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancellation_quote: {
        parameters: {
            query?: {
                /** @description Ids of items, separated by commas; absent for the whole booking */
                items?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bookingId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "currency": "EUR",
                     *       "price": 2000,
                     *       "amount": 2000,
                     *       "validUntil": "2027-07-01T10:00:00.000Z",
                     *       "items": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000002",
                     *           "price": 2000,
                     *           "amount": 2000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RefundQuote"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancellation_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         "019ab0c0-0000-7000-8000-000000000001"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Cancellation"];
            };
        };
        responses: {
            /** @description Cancelled and refunded */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000002",
                     *       "code": "K7RM-2XQF",
                     *       "status": "cancelled",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "expiresAt": null,
                     *       "currency": "EUR",
                     *       "total": 2000,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "endReason": "cancelled_by_buyer",
                     *       "items": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "status": "cancelled",
                     *           "seat": {
                     *             "n": 35,
                     *             "label": "Hall-3-4"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "Hall",
                     *             "row": "3",
                     *             "seat": "4",
                     *             "text": "Hall, row 3, seat 4"
                     *           },
                     *           "price": 2000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            /** @description A refund is under way, or was refused */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventCancellation_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The hall is flooded."
                 *     }
                 */
                "application/json": components["schemas"]["EventCancellationInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "organizerId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "venueId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "planId": "019ab0c0-0000-7000-8000-000000000004",
                     *       "title": "Final",
                     *       "description": "",
                     *       "category": "sport",
                     *       "status": "cancelled",
                     *       "sandbox": false,
                     *       "startsAt": "2027-07-01T10:00:00.000Z",
                     *       "endsAt": "2027-07-02T10:00:00.000Z",
                     *       "doorsAt": null,
                     *       "minAge": null,
                     *       "durationMinutes": null,
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "saleStartsAt": null,
                     *       "saleEndsAt": null,
                     *       "salePausedAt": null,
                     *       "salePauseReason": null,
                     *       "maxSeatsPerBooking": 10,
                     *       "maxSeatsPerBuyer": null,
                     *       "holdSeconds": 600,
                     *       "refundPolicy": {
                     *         "refundFees": true,
                     *         "feePerTicket": 0,
                     *         "fullUntilHours": 0,
                     *         "partialPercent": 0,
                     *         "partialUntilHours": null
                     *       },
                     *       "imageUrl": null,
                     *       "image": null,
                     *       "publishedAt": "2027-06-01T10:00:00.000Z",
                     *       "cancelledAt": "2027-06-01T10:00:00.000Z",
                     *       "cancellationReason": "The hall is flooded.",
                     *       "priceTiers": [
                     *         {
                     *           "no": 0,
                     *           "name": "All",
                     *           "price": 2000,
                     *           "category": "C0",
                     *           "area": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventCancellation_progress: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "state": "completed",
                     *       "reason": "The hall is flooded.",
                     *       "cancelledAt": "2027-06-01T10:00:00.000Z",
                     *       "holds": 0,
                     *       "bookings": {
                     *         "total": 0,
                     *         "refunded": 0,
                     *         "pending": 0,
                     *         "refused": 0
                     *       },
                     *       "currency": "EUR",
                     *       "amounts": {
                     *         "total": 0,
                     *         "refunded": 0,
                     *         "pending": 0,
                     *         "refused": 0
                     *       },
                     *       "refusals": []
                     *     }
                     */
                    "application/json": components["schemas"]["EventCancellation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The state of things does not allow it */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#event_not_cancelled",
                     *       "title": "The event was not cancelled",
                     *       "status": 409,
                     *       "code": "event_not_cancelled",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001/cancellation",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    settlements_settle: {
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
                /**
                 * @example {
                 *       "how": "paid_elsewhere",
                 *       "note": "Bank transfer of 3 December, card account closed"
                 *     }
                 */
                "application/json": components["schemas"]["RefundSettlement"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "bookingId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "amount": 1,
                     *       "status": "succeeded",
                     *       "settled": "paid_elsewhere"
                     *     }
                     */
                    "application/json": components["schemas"]["SettledRefund"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    refunds_refund: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 1
                 *     }
                 */
                "application/json": components["schemas"]["GoodwillRefund"];
            };
        };
        responses: {
            /** @description Given back */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "paymentId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "amount": 1,
                     *       "currency": "EUR",
                     *       "status": "succeeded"
                     *     }
                     */
                    "application/json": components["schemas"]["Refund"];
                };
            };
            /** @description Under way, or refused */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventWaitlist_demand: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "states": {
                     *         "waiting": 2,
                     *         "offered": 0,
                     *         "accepted": 0,
                     *         "declined": 0,
                     *         "expired": 0,
                     *         "left": 0,
                     *         "closed": 0
                     *       },
                     *       "seatsWanted": 3,
                     *       "byQuantity": [
                     *         {
                     *           "quantity": 1,
                     *           "entries": 1
                     *         },
                     *         {
                     *           "quantity": 2,
                     *           "entries": 1
                     *         }
                     *       ],
                     *       "byCategory": []
                     *     }
                     */
                    "application/json": components["schemas"]["WaitlistDemand"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eventWaitlist_join: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 1
                 *     }
                 */
                "application/json": components["schemas"]["NewWaitlistEntry"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "state": "waiting",
                     *       "quantity": 1,
                     *       "minQuantity": 1,
                     *       "together": false,
                     *       "accessible": false,
                     *       "categories": null,
                     *       "areas": null,
                     *       "maxPrice": null,
                     *       "joinedAt": "2027-06-01T10:00:00.000Z",
                     *       "position": 1,
                     *       "odds": null,
                     *       "offer": null
                     *     }
                     */
                    "application/json": components["schemas"]["WaitlistEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description Waiting already, or there is no need to wait (`seats_available`) */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#already_waiting",
                     *       "title": "You are in the line for this event already",
                     *       "status": 409,
                     *       "code": "already_waiting",
                     *       "instance": "/api/v1/events/019ab0c0-0000-7000-8000-000000000001/waitlist",
                     *       "correlationId": "019ab0c0-0000-7000-8000-000000000002"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    waitlist_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "state": "declined",
                     *           "quantity": 1,
                     *           "minQuantity": 1,
                     *           "together": false,
                     *           "accessible": false,
                     *           "categories": null,
                     *           "areas": null,
                     *           "maxPrice": null,
                     *           "joinedAt": "2027-06-01T10:00:00.000Z",
                     *           "position": null,
                     *           "odds": null,
                     *           "offer": null
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["WaitlistPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    waitlist_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "state": "offered",
                     *       "quantity": 1,
                     *       "minQuantity": 1,
                     *       "together": false,
                     *       "accessible": false,
                     *       "categories": null,
                     *       "areas": null,
                     *       "maxPrice": null,
                     *       "joinedAt": "2027-06-01T10:00:00.000Z",
                     *       "position": null,
                     *       "odds": null,
                     *       "offer": {
                     *         "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *         "quantity": 1,
                     *         "expiresAt": "2027-06-01T10:15:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WaitlistEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    waitlist_leave: {
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
            /** @description Left */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description Not in the line any more */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    waitlist_accept: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "code": "K7RM-2XQF",
                     *       "status": "held",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "expiresAt": "2027-06-01T10:15:00.000Z",
                     *       "currency": "EUR",
                     *       "total": 4000,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "endReason": null,
                     *       "items": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "status": "held",
                     *           "seat": {
                     *             "n": 0,
                     *             "label": "B0-1-1"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "B0",
                     *             "row": "1",
                     *             "seat": "1",
                     *             "text": "B0, row 1, seat 1"
                     *           },
                     *           "price": 2000
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "status": "held",
                     *           "seat": {
                     *             "n": 1,
                     *             "label": "B0-1-2"
                     *           },
                     *           "area": null,
                     *           "place": {
                     *             "block": "B0",
                     *             "row": "1",
                     *             "seat": "2",
                     *             "text": "B0, row 1, seat 2"
                     *           },
                     *           "price": 2000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description Nothing is offered, or its time is over */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    waitlist_decline: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "state": "declined",
                     *       "quantity": 1,
                     *       "minQuantity": 1,
                     *       "together": false,
                     *       "accessible": false,
                     *       "categories": null,
                     *       "areas": null,
                     *       "maxPrice": null,
                     *       "joinedAt": "2027-06-01T10:00:00.000Z",
                     *       "position": null,
                     *       "odds": null,
                     *       "offer": null
                     *     }
                     */
                    "application/json": components["schemas"]["WaitlistEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description Nothing is offered, or its time is over */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    notifications_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Only those that are unread */
                unread?: "true" | "false";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "kind": "booking.confirmed",
                     *           "title": "Your booking for Final",
                     *           "text": "Booking K7RM-2XQF is confirmed. See you on Thursday, 1 July 2027 at 12:00 CEST.",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "readAt": null
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "kind": "waitlist.offered",
                     *           "title": "A place for Final",
                     *           "text": "Your turn has come: a place is kept for you until Thursday, 1 July 2027 at 12:00 CEST. After that the next in line gets the offer.",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000005",
                     *           "bookingId": "019ab0c0-0000-7000-8000-000000000006",
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "readAt": null
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ",
                     *       "unread": 6
                     *     }
                     */
                    "application/json": components["schemas"]["NotificationPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    notifications_markAllRead: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "read": 0
                     *     }
                     */
                    "application/json": components["schemas"]["NotificationsRead"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    notifications_readPreferences: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "kind": "booking.confirmed",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "booking.restored",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "booking.replaced",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "booking.expired",
                     *           "inApp": true,
                     *           "mail": false,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "booking.cancelled",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "payment.returned",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "refund.delayed",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "event.changed",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "event.cancelled",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "event.reminder",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "ticket.transferred",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "waitlist.offered",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "waitlist.expired",
                     *           "inApp": true,
                     *           "mail": false,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "waitlist.closed",
                     *           "inApp": true,
                     *           "mail": false,
                     *           "alwaysInApp": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    notifications_replacePreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "data": [
                 *         {
                 *           "kind": "event.reminder",
                 *           "inApp": true,
                 *           "mail": false
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewNotificationPreferences"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "kind": "booking.confirmed",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "booking.restored",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "booking.replaced",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "booking.expired",
                     *           "inApp": true,
                     *           "mail": false,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "booking.cancelled",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "payment.returned",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "refund.delayed",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "event.changed",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "event.cancelled",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "event.reminder",
                     *           "inApp": true,
                     *           "mail": false,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "ticket.transferred",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "waitlist.offered",
                     *           "inApp": true,
                     *           "mail": true,
                     *           "alwaysInApp": true
                     *         },
                     *         {
                     *           "kind": "waitlist.expired",
                     *           "inApp": true,
                     *           "mail": false,
                     *           "alwaysInApp": false
                     *         },
                     *         {
                     *           "kind": "waitlist.closed",
                     *           "inApp": true,
                     *           "mail": false,
                     *           "alwaysInApp": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    notifications_markRead: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "kind": "booking.confirmed",
                     *       "title": "Your booking for Final",
                     *       "text": "Booking K7RM-2XQF is confirmed. See you on Thursday, 1 July 2027 at 12:00 CEST.",
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "bookingId": "019ab0c0-0000-7000-8000-000000000003",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "readAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Notification"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    analytics_summary: {
        parameters: {
            query?: {
                /** @description First day, at the place of each event; absent: from the beginning */
                from?: string;
                /** @description Last day, included; absent: until now */
                to?: string;
                /** @description `csv`: RFC 4180 with a head line, UTF-8, as a stream */
                format?: "json" | "csv";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "current": {
                     *         "from": null,
                     *         "to": null,
                     *         "holds": 30,
                     *         "open": 3,
                     *         "released": 6,
                     *         "expired": 0,
                     *         "uncaptured": 0,
                     *         "orders": 21,
                     *         "conversion": 0.7,
                     *         "tickets": 22,
                     *         "cancelled": 1,
                     *         "cancellationRate": 0.0455,
                     *         "returned": 1,
                     *         "refunds": 3,
                     *         "revenue": [
                     *           {
                     *             "currency": "EUR",
                     *             "gross": 44000,
                     *             "refunded": 2002,
                     *             "net": 41998
                     *           }
                     *         ],
                     *         "waitlist": {
                     *           "joined": 4,
                     *           "wanted": 5,
                     *           "offered": 2,
                     *           "accepted": 1,
                     *           "declined": 1,
                     *           "missed": 0,
                     *           "gone": 1,
                     *           "closed": 0,
                     *           "waiting": 1
                     *         }
                     *       },
                     *       "previous": null,
                     *       "definitions": {
                     *         "holds": "Bookings made in the period: seats or places held, offers of the waitlist included.",
                     *         "open": "Number of these holds that are still held or being paid.",
                     *         "released": "Number of these holds that were released by the buyer or by the end of the event.",
                     *         "expired": "Number of these holds that expired.",
                     *         "uncaptured": "Number of these holds that were confirmed, but whose money the payment provider then refused to capture.",
                     *         "orders": "Number of these holds that were paid, or confirmed free of charge. Cancelled ones stay orders.",
                     *         "conversion": "orders / holds; null without holds.",
                     *         "tickets": "Seats and places of these orders. Cancelled ones stay counted.",
                     *         "cancelled": "Number of these tickets that were given back since, at any time.",
                     *         "cancellationRate": "cancelled / tickets; null without tickets.",
                     *         "returned": "Tickets given back in the period, whenever they were sold.",
                     *         "refunds": "Refunds completed in the period, also those of nothing because the ticket was free or the refund policy says so.",
                     *         "gross": "Payments captured for bookings made in the period, in minor units of the currency.",
                     *         "refunded": "Money paid back in the period, whenever the booking was made: for cancellations and as goodwill.",
                     *         "net": "gross - refunded. Negative when more was paid back in the period than sold.",
                     *         "joined": "Entries that joined the waitlist in the period.",
                     *         "wanted": "Seats and places that these entries asked for.",
                     *         "offered": "Number of these entries that got an offer.",
                     *         "accepted": "Number of these entries that accepted their offer.",
                     *         "declined": "Number of these entries that declined their offer.",
                     *         "missed": "Number of these entries whose offer expired.",
                     *         "gone": "Number of these entries that left the line without an offer.",
                     *         "closed": "Number of these entries that ended with the sale or the event.",
                     *         "waiting": "Number of these entries that are still in the line or have an open offer."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SalesSummary"];
                    "text/csv": components["schemas"]["SalesSummary"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    analytics_popular: {
        parameters: {
            query?: {
                /** @description First day, at the place of each event; absent: from the beginning */
                from?: string;
                /** @description Last day, included; absent: until now */
                to?: string;
                /** @description `csv`: RFC 4180 with a head line, UTF-8, as a stream */
                format?: "json" | "csv";
                /** @description How many events */
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000001",
                     *           "title": "Final",
                     *           "startsAt": "2027-07-01T10:00:00.000Z",
                     *           "orders": 21,
                     *           "tickets": 22,
                     *           "cancelled": 1,
                     *           "currency": "EUR",
                     *           "gross": 44000,
                     *           "refunded": 2002,
                     *           "net": 41998,
                     *           "valid": 21,
                     *           "sellable": 58,
                     *           "utilization": 0.3621
                     *         }
                     *       ],
                     *       "definitions": {
                     *         "orders": "Number of these holds that were paid, or confirmed free of charge. Cancelled ones stay orders.",
                     *         "tickets": "Seats and places of these orders. Cancelled ones stay counted.",
                     *         "cancelled": "Number of these tickets that were given back since, at any time.",
                     *         "gross": "Payments captured for bookings made in the period, in minor units of the currency.",
                     *         "refunded": "Money paid back in the period, whenever the booking was made: for cancellations and as goodwill.",
                     *         "net": "gross - refunded. Negative when more was paid back in the period than sold.",
                     *         "valid": "Tickets that are good now: all that were ever sold less those given back. The period makes no difference.",
                     *         "sellable": "capacity - blocked.",
                     *         "utilization": "valid / sellable; null when nothing is sellable."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PopularSales"];
                    "text/csv": components["schemas"]["PopularSales"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    analytics_timeseries: {
        parameters: {
            query: {
                /** @description First day, at the place of each event */
                from: string;
                /** @description Last day, included; at most 1100 days, 62 by the hour, with the first */
                to: string;
                /** @description `csv`: RFC 4180 with a head line, UTF-8, as a stream */
                format?: "json" | "csv";
                /** @description `hour` needs eventId */
                interval?: "day" | "hour";
                /** @description Only this event of yours */
                eventId?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "interval": "day",
                     *       "data": [
                     *         {
                     *           "at": "2027-01-01",
                     *           "local": "2027-01-01",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-02",
                     *           "local": "2027-01-02",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-03",
                     *           "local": "2027-01-03",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-04",
                     *           "local": "2027-01-04",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-05",
                     *           "local": "2027-01-05",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-06",
                     *           "local": "2027-01-06",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-07",
                     *           "local": "2027-01-07",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-08",
                     *           "local": "2027-01-08",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-09",
                     *           "local": "2027-01-09",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-10",
                     *           "local": "2027-01-10",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-11",
                     *           "local": "2027-01-11",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-12",
                     *           "local": "2027-01-12",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-13",
                     *           "local": "2027-01-13",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-14",
                     *           "local": "2027-01-14",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-15",
                     *           "local": "2027-01-15",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-16",
                     *           "local": "2027-01-16",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-17",
                     *           "local": "2027-01-17",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-18",
                     *           "local": "2027-01-18",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-19",
                     *           "local": "2027-01-19",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-20",
                     *           "local": "2027-01-20",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-21",
                     *           "local": "2027-01-21",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-22",
                     *           "local": "2027-01-22",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-23",
                     *           "local": "2027-01-23",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-24",
                     *           "local": "2027-01-24",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-25",
                     *           "local": "2027-01-25",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-26",
                     *           "local": "2027-01-26",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-27",
                     *           "local": "2027-01-27",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-28",
                     *           "local": "2027-01-28",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-29",
                     *           "local": "2027-01-29",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-30",
                     *           "local": "2027-01-30",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         },
                     *         {
                     *           "at": "2027-01-31",
                     *           "local": "2027-01-31",
                     *           "holds": 0,
                     *           "orders": 0,
                     *           "tickets": 0,
                     *           "returned": 0,
                     *           "revenue": []
                     *         }
                     *       ],
                     *       "definitions": {
                     *         "holds": "Bookings made in the period: seats or places held, offers of the waitlist included.",
                     *         "orders": "Number of these holds that were paid, or confirmed free of charge. Cancelled ones stay orders.",
                     *         "tickets": "Seats and places of these orders. Cancelled ones stay counted.",
                     *         "returned": "Tickets given back in the period, whenever they were sold.",
                     *         "gross": "Payments captured for bookings made in the period, in minor units of the currency.",
                     *         "refunded": "Money paid back in the period, whenever the booking was made: for cancellations and as goodwill.",
                     *         "net": "gross - refunded. Negative when more was paid back in the period than sold."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SalesTimeseries"];
                    "text/csv": components["schemas"]["SalesTimeseries"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such event of yours */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    analytics_cancellations: {
        parameters: {
            query?: {
                /** @description First day, at the place of each event; absent: from the beginning */
                from?: string;
                /** @description Last day, included; absent: until now */
                to?: string;
                /** @description `csv`: RFC 4180 with a head line, UTF-8, as a stream */
                format?: "json" | "csv";
                /** @description Only this event of yours */
                eventId?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tickets": 22,
                     *       "cancelled": 1,
                     *       "cancellationRate": 0.0455,
                     *       "causes": [
                     *         {
                     *           "cause": "buyer",
                     *           "currency": "EUR",
                     *           "refunds": 1,
                     *           "returned": 1,
                     *           "refunded": 2000
                     *         },
                     *         {
                     *           "cause": "goodwill",
                     *           "currency": "EUR",
                     *           "refunds": 2,
                     *           "returned": 0,
                     *           "refunded": 2
                     *         }
                     *       ],
                     *       "definitions": {
                     *         "tickets": "Seats and places of these orders. Cancelled ones stay counted.",
                     *         "cancelled": "Number of these tickets that were given back since, at any time.",
                     *         "cancellationRate": "cancelled / tickets; null without tickets.",
                     *         "cause": "Who wanted the refund: buyer, organizer, event (everybody, because it was cancelled), goodwill (money back, tickets kept).",
                     *         "refunds": "Refunds completed in the period, also those of nothing because the ticket was free or the refund policy says so.",
                     *         "returned": "Tickets given back in the period, whenever they were sold.",
                     *         "refunded": "Money paid back in the period, whenever the booking was made: for cancellations and as goodwill."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SalesCancellations"];
                    "text/csv": components["schemas"]["SalesCancellations"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such event of yours */
            404: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#not_found",
                     *       "title": "Nothing exists under that id",
                     *       "status": 404,
                     *       "code": "not_found",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    analytics_event: {
        parameters: {
            query?: {
                /** @description First day, at the place of each event; absent: from the beginning */
                from?: string;
                /** @description Last day, included; absent: until now */
                to?: string;
                /** @description `csv`: RFC 4180 with a head line, UTF-8, as a stream */
                format?: "json" | "csv";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "eventId": "019ab0c0-0000-7000-8000-000000000001",
                     *       "title": "Final",
                     *       "timezone": "Europe/Berlin",
                     *       "currency": "EUR",
                     *       "current": {
                     *         "from": null,
                     *         "to": null,
                     *         "holds": 24,
                     *         "open": 0,
                     *         "released": 3,
                     *         "expired": 0,
                     *         "uncaptured": 0,
                     *         "orders": 21,
                     *         "conversion": 0.875,
                     *         "tickets": 22,
                     *         "cancelled": 1,
                     *         "cancellationRate": 0.0455,
                     *         "returned": 1,
                     *         "refunds": 3,
                     *         "revenue": [
                     *           {
                     *             "currency": "EUR",
                     *             "gross": 44000,
                     *             "refunded": 2002,
                     *             "net": 41998
                     *           }
                     *         ],
                     *         "waitlist": {
                     *           "joined": 0,
                     *           "wanted": 0,
                     *           "offered": 0,
                     *           "accepted": 0,
                     *           "declined": 0,
                     *           "missed": 0,
                     *           "gone": 0,
                     *           "closed": 0,
                     *           "waiting": 0
                     *         }
                     *       },
                     *       "previous": null,
                     *       "places": {
                     *         "capacity": 58,
                     *         "blocked": 0,
                     *         "sellable": 58,
                     *         "valid": 21,
                     *         "utilization": 0.3621
                     *       },
                     *       "sections": [
                     *         {
                     *           "kind": "section",
                     *           "name": "Hall",
                     *           "capacity": 48,
                     *           "blocked": 0,
                     *           "sellable": 48,
                     *           "valid": 21,
                     *           "utilization": 0.4375
                     *         },
                     *         {
                     *           "kind": "area",
                     *           "name": "Standing",
                     *           "capacity": 10,
                     *           "blocked": 0,
                     *           "sellable": 10,
                     *           "valid": 0,
                     *           "utilization": 0
                     *         }
                     *       ],
                     *       "soldOutAt": null,
                     *       "minutesToSellOut": null,
                     *       "definitions": {
                     *         "holds": "Bookings made in the period: seats or places held, offers of the waitlist included.",
                     *         "open": "Number of these holds that are still held or being paid.",
                     *         "released": "Number of these holds that were released by the buyer or by the end of the event.",
                     *         "expired": "Number of these holds that expired.",
                     *         "uncaptured": "Number of these holds that were confirmed, but whose money the payment provider then refused to capture.",
                     *         "orders": "Number of these holds that were paid, or confirmed free of charge. Cancelled ones stay orders.",
                     *         "conversion": "orders / holds; null without holds.",
                     *         "tickets": "Seats and places of these orders. Cancelled ones stay counted.",
                     *         "cancelled": "Number of these tickets that were given back since, at any time.",
                     *         "cancellationRate": "cancelled / tickets; null without tickets.",
                     *         "returned": "Tickets given back in the period, whenever they were sold.",
                     *         "refunds": "Refunds completed in the period, also those of nothing because the ticket was free or the refund policy says so.",
                     *         "gross": "Payments captured for bookings made in the period, in minor units of the currency.",
                     *         "refunded": "Money paid back in the period, whenever the booking was made: for cancellations and as goodwill.",
                     *         "net": "gross - refunded. Negative when more was paid back in the period than sold.",
                     *         "joined": "Entries that joined the waitlist in the period.",
                     *         "wanted": "Seats and places that these entries asked for.",
                     *         "offered": "Number of these entries that got an offer.",
                     *         "accepted": "Number of these entries that accepted their offer.",
                     *         "declined": "Number of these entries that declined their offer.",
                     *         "missed": "Number of these entries whose offer expired.",
                     *         "gone": "Number of these entries that left the line without an offer.",
                     *         "closed": "Number of these entries that ended with the sale or the event.",
                     *         "waiting": "Number of these entries that are still in the line or have an open offer.",
                     *         "capacity": "Seats and places of the plan.",
                     *         "blocked": "Seats that are taken out of the sale now.",
                     *         "sellable": "capacity - blocked.",
                     *         "valid": "Tickets that are good now: all that were ever sold less those given back. The period makes no difference.",
                     *         "utilization": "valid / sellable; null when nothing is sellable.",
                     *         "soldOutAt": "The minute (UTC) in which valid first reached what is sellable now. A ticket counts from the hold that led to it, a returned one until its return. Null when that never happened.",
                     *         "minutesToSellOut": "Minutes from the beginning of the sale to soldOutAt; 0: within the first minute."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["EventSales"];
                    "text/csv": components["schemas"]["EventSales"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    history_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "type": "booking.held",
                     *           "text": "Held",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "by": "buyer",
                     *           "subject": "019ab0c0-0000-7000-8000-000000000001",
                     *           "version": 1,
                     *           "expiresAt": "2027-06-01T10:10:00.000Z"
                     *         },
                     *         {
                     *           "type": "booking.paying",
                     *           "text": "Payment begun",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "by": "buyer",
                     *           "subject": "019ab0c0-0000-7000-8000-000000000001",
                     *           "version": 2,
                     *           "expiresAt": "2027-06-01T10:15:00.000Z"
                     *         },
                     *         {
                     *           "type": "payment.created",
                     *           "text": "Payment requested",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "by": "buyer",
                     *           "subject": "019ab0c0-0000-7000-8000-000000000002",
                     *           "version": 1,
                     *           "amount": 2000,
                     *           "currency": "EUR"
                     *         },
                     *         {
                     *           "type": "booking.confirmed",
                     *           "text": "Confirmed",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "by": "buyer",
                     *           "subject": "019ab0c0-0000-7000-8000-000000000001",
                     *           "version": 3
                     *         },
                     *         {
                     *           "type": "payment.authorized",
                     *           "text": "Payment approved",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "by": "buyer",
                     *           "subject": "019ab0c0-0000-7000-8000-000000000002",
                     *           "version": 2,
                     *           "amount": 2000,
                     *           "currency": "EUR"
                     *         },
                     *         {
                     *           "type": "payment.captured",
                     *           "text": "Paid",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "by": "system",
                     *           "subject": "019ab0c0-0000-7000-8000-000000000002",
                     *           "version": 3,
                     *           "amount": 2000,
                     *           "currency": "EUR"
                     *         },
                     *         {
                     *           "type": "ticket.issued",
                     *           "text": "Ticket issued",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "by": "system",
                     *           "subject": "019ab0c0-0000-7000-8000-000000000003",
                     *           "version": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BookingHistory"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    webhooks_list: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "url": "https://shop.example.org/evently",
                     *           "facts": [
                     *             "ticket.*"
                     *           ],
                     *           "description": null,
                     *           "active": true,
                     *           "disabledReason": null,
                     *           "version": 1,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "updatedAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    webhooks_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating the request with the same key within 24 hours repeats the answer, not the effect. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://shop.example.org/evently",
                 *       "facts": [
                 *         "ticket.*"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "url": "https://shop.example.org/evently",
                     *       "facts": [
                     *         "ticket.*"
                     *       ],
                     *       "description": null,
                     *       "active": true,
                     *       "disabledReason": null,
                     *       "version": 1,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "secret": "whsec_VGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0IQ=="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    webhooks_find: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "url": "https://shop.example.org/evently",
                     *       "facts": [
                     *         "ticket.*"
                     *       ],
                     *       "description": null,
                     *       "active": true,
                     *       "disabledReason": null,
                     *       "version": 1,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    webhooks_delete: {
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
            /** @description Deleted */
            204: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    webhooks_update: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the last read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["WebhookChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "url": "https://shop.example.org/evently",
                     *       "facts": [
                     *         "ticket.*"
                     *       ],
                     *       "description": null,
                     *       "active": true,
                     *       "disabledReason": null,
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    webhooks_changeSecret: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "url": "https://shop.example.org/evently",
                     *       "facts": [
                     *         "ticket.*"
                     *       ],
                     *       "description": null,
                     *       "active": true,
                     *       "disabledReason": null,
                     *       "version": 2,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "updatedAt": "2027-06-01T10:00:00.000Z",
                     *       "secret": "whsec_VGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0IQ=="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deliveries_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                state?: "pending" | "delivered" | "failed";
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "attempts": 1,
                     *           "lastError": null,
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "type": "webhook.ping",
                     *           "state": "delivered",
                     *           "lastStatus": 204,
                     *           "dueAt": null,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "deliveredAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deliveries_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 1,
                     *       "lastError": null,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "type": "webhook.ping",
                     *       "state": "delivered",
                     *       "lastStatus": 204,
                     *       "dueAt": null,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "deliveredAt": "2027-06-01T10:00:00.000Z",
                     *       "body": "{\"id\":\"019ab0c0-0000-7000-8000-000000000001\",\"type\":\"webhook.ping\",\"occurredAt\":\"2027-06-01T10:00:00.000Z\"}",
                     *       "tries": [
                     *         {
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "status": 204,
                     *           "error": null,
                     *           "milliseconds": 12
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deliveries_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 1,
                     *       "lastError": null,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "type": "webhook.ping",
                     *       "state": "pending",
                     *       "lastStatus": 204,
                     *       "dueAt": "2027-06-01T10:00:00.000Z",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "deliveredAt": null,
                     *       "body": "{\"id\":\"019ab0c0-0000-7000-8000-000000000001\",\"type\":\"webhook.ping\",\"occurredAt\":\"2027-06-01T10:00:00.000Z\"}",
                     *       "tries": [
                     *         {
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "status": 204,
                     *           "error": null,
                     *           "milliseconds": 12
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deliveries_replaySince: {
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
                /**
                 * @example {
                 *       "since": "2026-11-25T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookReplay"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 0
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookReplayed"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deliveries_ping: {
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
            /** @description Accepted */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 0,
                     *       "lastError": null,
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "type": "webhook.ping",
                     *       "state": "pending",
                     *       "lastStatus": null,
                     *       "dueAt": "2027-06-01T10:00:00.000Z",
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "deliveredAt": null,
                     *       "body": "{\"id\":\"019ab0c0-0000-7000-8000-000000000001\",\"type\":\"webhook.ping\",\"occurredAt\":\"2027-06-01T10:00:00.000Z\"}",
                     *       "tries": []
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    demoLogins_logins: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoLogins"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rush_state: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoRush"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rush_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDemoRush"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoRush"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    mails_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                state?: "pending" | "sent" | "dropped" | "failed";
                kind?: string;
                userId?: string;
                /** @description Part of the address of its person */
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "kind": "ticket.offered",
                     *           "userId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "to": "friend@example.org",
                     *           "subject": "A ticket for Final",
                     *           "state": "sent",
                     *           "attempts": 1,
                     *           "dueAt": null,
                     *           "lastError": null,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "settledAt": "2027-06-01T10:00:00.000Z"
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000003",
                     *           "kind": "notification",
                     *           "userId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "to": "buyer@example.org",
                     *           "subject": "Your booking for Final",
                     *           "state": "sent",
                     *           "attempts": 1,
                     *           "dueAt": null,
                     *           "lastError": null,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "settledAt": "2027-06-01T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ"
                     *     }
                     */
                    "application/json": components["schemas"]["MailPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    mails_preview: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "to": "buyer@example.org",
                     *       "subject": "Your password was changed",
                     *       "text": "Hello Buyer,\n\nAll other devices were logged out. If you did not change it, ask for a new password at once.\n\n-- \nPlayhouse Erfurt\nGetting here: https://playhouse.example.org/visit\nImprint: http://localhost:8000/imprint\n",
                     *       "html": "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Your password was changed</title></head>\n<body style=\"margin:0;background:#f3f5f8\">\n<table role=\"presentation\" style=\"width:100%;border-collapse:collapse\"><tr><td style=\"padding:24px 12px\">\n<div style=\"max-width:560px;margin:0 auto;background:#ffffff;border-radius:8px;padding:32px;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;color:#1b2430\">\n<p style=\"margin:0 0 16px;font-weight:600;color:#8b1e3f\"><img src=\"http://localhost:8000/api/v1/house/logo?v=6b7fa434f92a8b80\" alt=\"Playhouse Erfurt\" height=\"40\" style=\"display:block;height:40px;max-width:240px;border:0\"></p>\n<p style=\"margin:0 0 16px\">Hello Buyer,</p>\n<p style=\"margin:0 0 16px\">All other devices were logged out. If you did not change it, ask for a new password at once.</p>\n<p style=\"margin:24px 0 0;padding-top:16px;border-top:1px solid #d9dee5;font-size:13px;line-height:20px;color:#5b6573\">Playhouse Erfurt · <a href=\"https://playhouse.example.org/visit\" style=\"color:#5b6573\">Getting here</a> · <a href=\"http://localhost:0/imprint\" style=\"color:#5b6573\">Imprint</a></p>\n</div></td></tr></table></body></html>",
                     *       "attachments": []
                     *     }
                     */
                    "application/json": components["schemas"]["MailPreview"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description `mail_not_repeatable` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    mails_retry: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "kind": "account.password_changed",
                     *       "userId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "to": "buyer@example.org",
                     *       "subject": "Your password was changed",
                     *       "state": "pending",
                     *       "attempts": 0,
                     *       "dueAt": "2027-06-01T10:00:00.000Z",
                     *       "lastError": null,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "settledAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Mail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    mails_repeat: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019ab0c0-0000-7000-8000-000000000001",
                     *       "kind": "account.password_changed",
                     *       "userId": "019ab0c0-0000-7000-8000-000000000002",
                     *       "to": "buyer@example.org",
                     *       "subject": "Your password was changed",
                     *       "state": "pending",
                     *       "attempts": 0,
                     *       "dueAt": "2027-06-01T10:00:00.000Z",
                     *       "lastError": null,
                     *       "createdAt": "2027-06-01T10:00:00.000Z",
                     *       "settledAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Mail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description `mail_under_way` or `mail_not_repeatable` */
            409: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#idempotency_in_flight",
                     *       "title": "A request with this Idempotency-Key is still being processed",
                     *       "status": 409,
                     *       "code": "idempotency_in_flight",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    people_bookings: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "code": "K7RM-2XQF",
                     *           "status": "held",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000002",
                     *           "expiresAt": "2027-06-01T10:10:00.000Z",
                     *           "currency": "EUR",
                     *           "total": 4000,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "endReason": null,
                     *           "items": [
                     *             {
                     *               "id": "019ab0c0-0000-7000-8000-000000000003",
                     *               "status": "held",
                     *               "seat": {
                     *                 "n": 0,
                     *                 "label": "B0-1-1"
                     *               },
                     *               "area": null,
                     *               "place": {
                     *                 "block": "B0",
                     *                 "row": "1",
                     *                 "seat": "1",
                     *                 "text": "B0, row 1, seat 1"
                     *               },
                     *               "price": 2000
                     *             },
                     *             {
                     *               "id": "019ab0c0-0000-7000-8000-000000000004",
                     *               "status": "held",
                     *               "seat": {
                     *                 "n": 1,
                     *                 "label": "B0-1-2"
                     *               },
                     *               "area": null,
                     *               "place": {
                     *                 "block": "B0",
                     *                 "row": "1",
                     *                 "seat": "2",
                     *                 "text": "B0, row 1, seat 2"
                     *               },
                     *               "price": 2000
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000005",
                     *           "code": "K7RM-2XQF",
                     *           "status": "released",
                     *           "eventId": "019ab0c0-0000-7000-8000-000000000006",
                     *           "expiresAt": null,
                     *           "currency": "EUR",
                     *           "total": 4000,
                     *           "createdAt": "2027-06-01T10:00:00.000Z",
                     *           "endReason": "released_by_buyer",
                     *           "items": [
                     *             {
                     *               "id": "019ab0c0-0000-7000-8000-000000000007",
                     *               "status": "released",
                     *               "seat": {
                     *                 "n": 0,
                     *                 "label": "B0-1-1"
                     *               },
                     *               "area": null,
                     *               "place": {
                     *                 "block": "B0",
                     *                 "row": "1",
                     *                 "seat": "1",
                     *                 "text": "B0, row 1, seat 1"
                     *               },
                     *               "price": 2000
                     *             },
                     *             {
                     *               "id": "019ab0c0-0000-7000-8000-000000000008",
                     *               "status": "released",
                     *               "seat": {
                     *                 "n": 1,
                     *                 "label": "B0-1-2"
                     *               },
                     *               "area": null,
                     *               "place": {
                     *                 "block": "B0",
                     *                 "row": "1",
                     *                 "seat": "2",
                     *                 "text": "B0, row 1, seat 2"
                     *               },
                     *               "price": 2000
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next": null,
                     *       "total": 2
                     *     }
                     */
                    "application/json": components["schemas"]["BookingPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    acts_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                actor?: string;
                target?: string;
                /** @description The event itself, or a booking, payment, refund or job of it */
                eventId?: string;
                /** @description How the action begins, such as `POST /admin/refunds` */
                action?: string;
                /** @description ISO 8601 with zone */
                from?: string;
                /** @description Before this */
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "actor": "019ab0c0-0000-7000-8000-000000000002",
                     *           "actorName": "Admin",
                     *           "role": "admin",
                     *           "action": "DELETE /admin/identity-providers/{id}",
                     *           "target": "019ab0c0-0000-7000-8000-000000000003",
                     *           "said": {},
                     *           "correlationId": "019ab0c0-0000-7000-8000-000000000004",
                     *           "status": 204,
                     *           "currency": null,
                     *           "about": null
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000005",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "actor": "019ab0c0-0000-7000-8000-000000000002",
                     *           "actorName": "Admin",
                     *           "role": "admin",
                     *           "action": "PATCH /admin/identity-providers/{id}",
                     *           "target": "019ab0c0-0000-7000-8000-000000000006",
                     *           "said": {},
                     *           "correlationId": "019ab0c0-0000-7000-8000-000000000007",
                     *           "status": 200,
                     *           "currency": null,
                     *           "about": null
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ"
                     *     }
                     */
                    "application/json": components["schemas"]["ActPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    organisationActs_list: {
        parameters: {
            query?: {
                /** @description Entries per page */
                limit?: number;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description A member, or a key */
                actor?: string;
                /** @description The event itself, or a booking, payment or refund of it */
                eventId?: string;
                /** @description The member or key that was changed */
                subject?: string;
                /** @description ISO 8601 with zone */
                from?: string;
                /** @description Before this */
                to?: string;
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000001",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "actor": "019ab0c0-0000-7000-8000-000000000002",
                     *           "actorName": "Organizer",
                     *           "role": "organizer",
                     *           "action": "POST /organisations/{id}/invitations",
                     *           "target": "019ab0c0-0000-7000-8000-000000000002",
                     *           "said": {},
                     *           "correlationId": "019ab0c0-0000-7000-8000-000000000003",
                     *           "status": 201,
                     *           "currency": null,
                     *           "about": null
                     *         },
                     *         {
                     *           "id": "019ab0c0-0000-7000-8000-000000000004",
                     *           "at": "2027-06-01T10:00:00.000Z",
                     *           "actor": "019ab0c0-0000-7000-8000-000000000002",
                     *           "actorName": "Organizer",
                     *           "role": "organizer",
                     *           "action": "DELETE /organisations/{id}/house/settings/logo",
                     *           "target": "019ab0c0-0000-7000-8000-000000000002",
                     *           "said": {},
                     *           "correlationId": "019ab0c0-0000-7000-8000-000000000005",
                     *           "status": 200,
                     *           "currency": null,
                     *           "about": null
                     *         }
                     *       ],
                     *       "next": "WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ"
                     *     }
                     */
                    "application/json": components["schemas"]["ActPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    overview_read: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    health_live: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Live"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    health_ready: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": components["schemas"]["Ready"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            /** @description `database_unavailable`, `database_failing`, `not_migrated` or `shutting_down` */
            503: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/docs/errors#overloaded",
                     *       "title": "More requests are waiting than can be served soon",
                     *       "status": 503,
                     *       "code": "overloaded",
                     *       "instance": "/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47",
                     *       "correlationId": "01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health_status: {
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
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "role": "all",
                     *       "version": "0.1.0",
                     *       "node": "24.21.0",
                     *       "uptimeSeconds": 3600,
                     *       "memoryMegabytes": 180,
                     *       "database": {
                     *         "reachable": true,
                     *         "embedded": false,
                     *         "version": "18.4",
                     *         "failure": null,
                     *         "latencyMs": 0.6,
                     *         "connections": {
                     *           "open": 10,
                     *           "idle": 9,
                     *           "waiting": 0
                     *         },
                     *         "migrations": {
                     *           "applied": 41,
                     *           "pending": []
                     *         }
                     *       },
                     *       "redis": "off",
                     *       "sockets": 0,
                     *       "facts": {
                     *         "broker": "off",
                     *         "parked": 0,
                     *         "waitingSeconds": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Status"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
