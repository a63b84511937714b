namespace Platform.LocalStore;

/// <summary>The engine's SQL functions. BSON goes in and comes out as bytes.</summary>
internal static class EngineSql
{
    public const string
        Insert = "SELECT p_result::bytea FROM documentdb_api.insert($1, $2::bytea, $3::bytea, NULL)",
        Update = "SELECT p_result::bytea FROM documentdb_api.update($1, $2::bytea, $3::bytea, NULL)",
        Delete = "SELECT p_result::bytea FROM documentdb_api.delete($1, $2::bytea, $3::bytea, NULL)",
        FindAndModify = "SELECT p_result::bytea FROM documentdb_api.find_and_modify($1, $2::bytea, NULL)",
        Find = FirstPage + "find_cursor_first_page($1, $2::bytea, 0)",
        Aggregate = FirstPage + "aggregate_cursor_first_page($1, $2::bytea, 0)",
        ListCollections = FirstPage + "list_collections_cursor_first_page($1, $2::bytea, 0)",
        ListIndexes = FirstPage + "list_indexes_cursor_first_page($1, $2::bytea, 0)",
        GetMore = "SELECT cursorpage::bytea, continuation::bytea FROM documentdb_api.cursor_get_more($1, $2::bytea, $3::bytea)",
        DeleteCursors = "SELECT documentdb_api_internal.delete_cursors($1)::bytea",
        Count = "SELECT documentdb_api.count_query($1, $2::bytea)::bytea",
        Distinct = "SELECT documentdb_api.distinct_query($1, $2::bytea)::bytea",
        CreateIndexes = "SELECT documentdb_api_internal.create_indexes_non_concurrently($1, $2::bytea, true)::bytea",
        DropIndexes = "CALL documentdb_api.drop_indexes($1, $2::bytea, NULL::bytea)",
        ListDatabases = "SELECT documentdb_api.list_databases($1::bytea)::bytea",
        CreateCollection = "SELECT documentdb_api.create_collection($1, $2)",
        DropCollection = "SELECT documentdb_api.drop_collection($1, $2)",
        DropDatabase = "SELECT documentdb_api.drop_database($1)",
        CollectionStats = "SELECT documentdb_api.coll_stats($1, $2, $3)::bytea",
        DatabaseStats = "SELECT documentdb_api.db_stats($1, $2, false)::bytea";

    private const string FirstPage = "SELECT cursorpage::bytea, continuation::bytea, persistconnection, cursorid FROM documentdb_api.";
}
