/* What comes in with a request: see inbound.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/inbound.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include "web/body.h"
#include "web/reply.h"

/* Decodes one form value in place; NULL for a bad escape, a NUL or bytes that are not UTF-8. */
static char *decode(char *text)
{
    char *out = text;

    for (char *in = text; *in; in++) {
        if (*in == '+') {
            *out++ = ' ';
        } else if (*in == '%') {
            char hex[3];
            if (!apr_isxdigit(in[1]) || !apr_isxdigit(in[2]))
                return NULL;
            hex[0] = in[1];
            hex[1] = in[2];
            hex[2] = '\0';
            *out = (char)strtol(hex, NULL, 16);
            if (!*out++)
                return NULL;
            in += 2;
        } else {
            *out++ = *in;
        }
    }
    *out = '\0';
    return docgen_utf8_is_valid(text, (apr_size_t)(out - text)) ? text : NULL;
}

/* Finds a form's field. @param strict any other field that cannot be read counts too
 * @return how often it occurs; -1 when one of its values cannot be read. */
static int form_field(apr_pool_t *pool, const char *form, const char *name, int strict,
                      const char **value)
{
    char *state = NULL, *copy = apr_pstrdup(pool, form);
    int count = 0;

    for (char *pair = apr_strtok(copy, "&", &state); pair; pair = apr_strtok(NULL, "&", &state)) {
        char *equals = strchr(pair, '=');
        char *text = equals ? equals + 1 : pair + strlen(pair);
        if (equals)
            *equals = '\0';
        if (!decode(pair)) {
            if (strict)
                return -1;
            continue;
        }
        if (strcmp(pair, name)) {
            if (strict && !decode(text))
                return -1;
            continue;
        }
        *value = decode(text);
        if (!*value)
            return -1;
        count++;
    }
    return count;
}

static int from_form(docgen_context *context, const char *body, apr_size_t length,
                     const char **value)
{
    int count;

    if (memchr(body, '\0', length))
        return docgen_problem(context, DOCGEN_E_BAD_BODY, "The form holds a NUL byte; send text.");
    count = form_field(context->r->pool, body, "repositoryId", 1, value);
    if (count == 1)
        return OK;
    *value = NULL;
    if (count < 0)
        return docgen_problem(context, DOCGEN_E_BAD_BODY,
                              "The form is not percent-encoded UTF-8; encode its fields.");
    if (count > 1)
        return docgen_problem(context, DOCGEN_E_MISSING_REPOSITORY_ID,
                              "The form names repositoryId %d times; name it once.", count);
    return docgen_problem(context, DOCGEN_E_MISSING_REPOSITORY_ID,
                          "The form has no field repositoryId; send repositoryId=NAME.");
}

static int from_json(docgen_context *context, const char *body, apr_size_t length,
                     const char **value)
{
    json_t *root, *member;
    const char *error = NULL;

    if (docgen_json_parse(context->r->pool, body, length, &root, &error) != APR_SUCCESS)
        return docgen_problem(context, DOCGEN_E_BAD_BODY,
                              "The body is not JSON (%s); send {\"repositoryId\":\"NAME\"}.",
                              error ? error : "it cannot be read");
    if (!json_is_object(root))
        return docgen_problem(context, DOCGEN_E_MISSING_REPOSITORY_ID,
                              "The body is not a JSON object; send {\"repositoryId\":\"NAME\"}.");
    member = json_object_get(root, "repositoryId");
    if (!member)
        return docgen_problem(context, DOCGEN_E_MISSING_REPOSITORY_ID,
                              "The object has no member repositoryId; send "
                              "{\"repositoryId\":\"NAME\"}.");
    if (!json_is_string(member))
        return docgen_problem(context, DOCGEN_E_MISSING_REPOSITORY_ID,
                              "repositoryId is not a string; send {\"repositoryId\":\"NAME\"}.");
    *value = json_string_value(member);
    return OK;
}

/* The media type without parameters, lower case; sets whether a charset other than UTF-8 is named. */
static const char *media_type(apr_pool_t *pool, const char *header, int *foreign)
{
    char *type, *state = NULL, *parameter;

    *foreign = 0;
    type = apr_strtok(apr_pstrdup(pool, header), ";", &state);
    if (!type)
        return "";
    while ((parameter = apr_strtok(NULL, ";", &state))) {
        parameter += strspn(parameter, " \t");
        if (strncasecmp(parameter, "charset=", 8))
            continue;
        parameter += 8;
        parameter += *parameter == '"';
        *foreign = strncasecmp(parameter, "utf-8", 5) ||
                   strspn(parameter + 5, "\" \t") != strlen(parameter + 5);
    }
    apr_collapse_spaces(type, type);
    ap_str_tolower(type);
    return type;
}

int docgen_inbound_repository(docgen_context *context, const char **id)
{
    request_rec *r = context->r;
    const char *header = apr_table_get(r->headers_in, "Content-Type");
    const char *coding = apr_table_get(r->headers_in, "Content-Encoding");
    const char *value = NULL, *type;
    char *body;
    apr_size_t length = 0;
    int foreign, json, rc;

    *id = NULL;
    type = media_type(r->pool, header ? header : "", &foreign);
    json = !strcmp(type, "application/json");
    if (foreign || (coding && strcasecmp(coding, "identity")) ||
        (header && !json && strcmp(type, "application/x-www-form-urlencoded"))) {
        apr_table_setn(r->headers_out, "Accept-Post",
                       "application/json, application/x-www-form-urlencoded");
        return docgen_problem(context, DOCGEN_E_UNSUPPORTED_MEDIA_TYPE,
                              "Send the body as application/json or "
                              "application/x-www-form-urlencoded, in UTF-8 and not compressed.");
    }
    rc = docgen_body_read(context, &body, &length);
    if (!body)
        return rc;
    if (!header && length)
        return docgen_problem(context, DOCGEN_E_UNSUPPORTED_MEDIA_TYPE,
                              "The body has no Content-Type; send application/json or "
                              "application/x-www-form-urlencoded.");
    rc = json ? from_json(context, body, length, &value) : from_form(context, body, length, &value);
    if (!value)
        return rc;
    if (!docgen_id_is_valid(value))
        return docgen_problem(context, DOCGEN_E_BAD_REPOSITORY_ID,
                              "A repository id is 1 to 100 letters, digits, '.', '_' or '-' and "
                              "begins with a letter or digit; send such a one.");
    *id = value;
    return OK;
}

const char *docgen_inbound_query(const docgen_context *context, const char *name)
{
    const char *value = NULL;

    if (!context->r->args || form_field(context->r->pool, context->r->args, name, 0, &value) < 1)
        return NULL;
    return value;
}

int docgen_inbound_query_is_readable(const docgen_context *context, const char *name)
{
    const char *value;

    return !context->r->args ||
           form_field(context->r->pool, context->r->args, name, 0, &value) >= 0;
}
