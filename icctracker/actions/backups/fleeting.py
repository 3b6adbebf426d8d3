"""What no backup holds, since it opens the site or is good only once.

Sessions, counted attempts, links that work once, recovery codes and one-time passwords
are emptied in the copy, before it is packed. What people have to do again after it was
put back is written down with the copy, while it can still be seen.
"""

from django.db import connection

# Tables that no backup holds a row of.
EMPTIED = (
    *("django_session", "usersessions_usersession", "cache"),
    *("account_emailconfirmation", "django_tasks_database_dbtaskresult"),
)
# Rows that are left out of other tables.
LEFT_OUT = {
    "mfa_authenticator": "type = 'recovery_codes'",
    # What waits to be sent may hold a link, and has left since.
    "icctracker_message": "state = 'waiting'",
}
_OPEN = "accepted_at IS NULL AND withdrawn_at IS NULL"
# Columns that are said otherwise, in words that both databases understand.
CHANGED = {
    "icctracker_user": {
        # Such as no password leads to.
        "password": "CASE WHEN password_is_temporary THEN '!' || id ELSE password END",
    },
    "icctracker_invitation": {
        "token_digest": "'backup-' || id",
        "expires_at": f"CASE WHEN {_OPEN} AND expires_at > CURRENT_TIMESTAMP"
        " THEN CURRENT_TIMESTAMP ELSE expires_at END",
    },
    "icctracker_emailchange": {
        "confirm_digest": "'backup-' || id",
        "undo_digest": "'backup-' || id",
        "ended_at": "CASE WHEN confirmed_at IS NULL AND ended_at IS NULL"
        " THEN CURRENT_TIMESTAMP ELSE ended_at END",
    },
    "icctracker_importrun": {
        "state": "CASE WHEN state IN ('checking', 'importing')"
        " THEN 'stopped' ELSE state END",
        "finished_at": "CASE WHEN finished_at IS NULL AND (holds_lock OR state"
        " IN ('checking', 'importing')) THEN seen_at ELSE finished_at END",
        "holds_lock": "FALSE",
    },
}
TOUCHED = {*EMPTIED, *LEFT_OUT, *CHANGED}
# Fields that look like a secret, and why each may stay as it is.
KEPT = {
    "icctracker_user.password": "a hash; needed to sign in",
    "mfa_authenticator.data": "locked with SECRET_KEY, which no backup holds",
    "icctracker_sample.seed": "by which anybody may draw the same sample again",
    "icctracker_import.digest": "tells a file that ships from another version of it",
    "icctracker_documenttext.digest": "tells whether a text is the same",
    "icctracker_message.address_digest": "empty in all that does not wait",
    "icctracker_evidence.creation_key": "tells a form that is sent twice",
    "icctracker_historicalevidence.creation_key": "as in the entry",
    "icctracker_response.creation_key": "tells a form that is sent twice",
}

# What has to be done again: a name, whom it concerns, and what to tell.
AGAIN = {
    "invitations": (
        "SELECT email || ' (' || role || ')' FROM icctracker_invitation"
        " WHERE accepted_at IS NULL AND withdrawn_at IS NULL"
        " AND expires_at > CURRENT_TIMESTAMP ORDER BY id",
        "Invite anew, since the links no longer work:",
    ),
    "one_time_passwords": (
        "SELECT username FROM icctracker_user WHERE password_is_temporary"
        " AND is_active ORDER BY username",
        "Give a new one-time password (Curation → People, or manage.py changepassword"
        " NAME), since the old one no longer works:",
    ),
    "recovery_codes": (
        "SELECT username FROM icctracker_user u WHERE EXISTS (SELECT 1"
        " FROM mfa_authenticator m WHERE m.user_id = u.id"
        " AND m.type = 'recovery_codes') ORDER BY username",
        "Make new recovery codes (Account → Second step), since used ones would work"
        " again:",
    ),
    "addresses": (
        "SELECT email FROM icctracker_emailchange WHERE confirmed_at IS NULL"
        " AND ended_at IS NULL ORDER BY email",
        "Change these addresses anew, since they were not confirmed yet:",
    ),
    "messages": (
        "SELECT subject || ' (' || shown_to || ')' FROM icctracker_message"
        " WHERE state = 'waiting' AND subject <> '' ORDER BY id",
        "These messages still waited to be sent, and are not put back:",
    ),
    "imports": (
        "SELECT file FROM icctracker_importrun"
        " WHERE state IN ('checking', 'importing') ORDER BY id",
        "Import these files anew, since they were under way:",
    ),
    "tasks": (
        "SELECT task_path FROM django_tasks_database_dbtaskresult"
        " WHERE status IN ('READY', 'RUNNING') ORDER BY task_path",
        "These tasks of the worker were not done; messages go out with the next"
        " digest:",
    ),
}
# True of every backup, whatever is in it.
ALWAYS = (
    "Everybody is signed out, and links to choose a new password no longer work.",
    "Tell people that what they wrote since the backup is lost, and has to be written"
    " anew; subscriptions, addresses and roles are those of that day.",
    "Messages sent since the backup may go out once more with the next digest.",
    "If strangers may have seen the backup or the old machine: renew SECRET_KEY (apps"
    " for one-time codes are then set up anew: manage.py reset_two_factor NAME), and"
    " the passwords of the database and of the mail server.",
)


def to_do_again():
    """Whom and what it concerns, by name; read before anything is emptied."""
    with connection.cursor() as cursor:
        found = {}
        for name, (query, _said) in AGAIN.items():
            cursor.execute(query)
            found[name] = [str(row[0]) for row in cursor.fetchall()]
    return {name: them for name, them in found.items() if them}


def told(again):
    """The sentences for whoever has put a backup back."""
    yield from ALWAYS
    for name, (_query, said) in AGAIN.items():
        if them := again.get(name):
            yield f"{said} {', '.join(them)}."


def rows_kept(table):
    """What of a table a backup holds, as a condition."""
    if table in EMPTIED:
        return "1 = 0"
    return f"NOT ({LEFT_OUT[table]})" if table in LEFT_OUT else "1 = 1"


def columns_kept(table, columns):
    """How each of the columns is read for a backup."""
    changed = CHANGED.get(table, {})
    return [changed.get(each, f'"{each}"') for each in columns]
