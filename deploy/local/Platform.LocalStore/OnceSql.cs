namespace Platform.LocalStore;

/// <summary>
/// Numbered writes, exactly once. A driver numbers a write within its session and sends it again when the connection breaks. The engine
/// keeps, per session, the last number and its reply, in the same transaction as the write itself: so the second try finds the
/// first one's reply, whatever died in between, and waits for it where it is still under way (the row is locked).
/// </summary>
internal static class OnceSql
{
    /// <summary>Session, number, kind of write, and the arguments of that write. Null: a newer write of the session has been done.</summary>
    public const string Write = "SELECT gateway.once($1, $2, $3, $4, $5, $6)";

    /// <summary>Forgets sessions that have not written for half an hour, which is how long MongoDB keeps one.</summary>
    public const string Forget = "DELETE FROM gateway.writes WHERE at < now() - interval '30 minutes'";

    public const string Schema = """
        SET client_min_messages = warning;
        SELECT pg_advisory_lock(4711);
        CREATE SCHEMA IF NOT EXISTS gateway;
        CREATE TABLE IF NOT EXISTS gateway.writes (
            session bytea PRIMARY KEY,
            number bigint NOT NULL,
            reply bytea,
            at timestamptz NOT NULL DEFAULT now()
        ) WITH (fillfactor = 50);
        CREATE OR REPLACE FUNCTION gateway.once(of bytea, nth bigint, kind text, db text, spec bytea, docs bytea) RETURNS bytea LANGUAGE plpgsql AS $body$
        DECLARE answer bytea;
        BEGIN
            INSERT INTO gateway.writes AS w (session, number) VALUES (of, nth)
                ON CONFLICT (session) DO UPDATE SET number = nth WHERE w.number < nth;
            IF NOT FOUND THEN
                SELECT w.reply INTO answer FROM gateway.writes w WHERE w.session = of AND w.number = nth;
                RETURN answer;
            END IF;
            CASE kind
                WHEN 'insert' THEN SELECT p_result::bytea INTO answer FROM documentdb_api.insert(db, spec, docs, NULL);
                WHEN 'update' THEN SELECT p_result::bytea INTO answer FROM documentdb_api.update(db, spec, docs, NULL);
                WHEN 'delete' THEN SELECT p_result::bytea INTO answer FROM documentdb_api.delete(db, spec, docs, NULL);
                WHEN 'findAndModify' THEN SELECT p_result::bytea INTO answer FROM documentdb_api.find_and_modify(db, spec, NULL);
            END CASE;
            UPDATE gateway.writes SET reply = answer, at = now() WHERE session = of;
            RETURN answer;
        END $body$;
        SELECT pg_advisory_unlock(4711)
        """;
}
