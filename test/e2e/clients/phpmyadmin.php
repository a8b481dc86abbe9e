<?php
// What phpMyAdmin 5 asks when somebody signs in and opens a database and a table, over mysqli; prints what was refused.

mysqli_report(MYSQLI_REPORT_OFF);
[, $host, $port, $user, $password, $database] = $argv;
$link = mysqli_init();
mysqli_options($link, MYSQLI_OPT_LOCAL_INFILE, true);
if (!mysqli_real_connect($link, $host, $user, $password, '', (int) $port, '')) {
    die('no connection: ' . mysqli_connect_error());
}
$questions = [
    'SELECT @@version, @@version_comment',
    "SET NAMES 'utf8mb4' COLLATE 'utf8mb4_general_ci'",
    "SET collation_connection = 'utf8mb4_unicode_ci'",
    "SET lc_messages = 'en_US'",
    'SELECT CURRENT_USER()',
    'SELECT DATABASE()',
    "SHOW SESSION VARIABLES LIKE 'FOREIGN_KEY_CHECKS'",
    "SHOW VARIABLES LIKE 'language'",
    'SELECT @@lower_case_table_names',
    'SELECT @@sql_mode',
    'SHOW VARIABLES LIKE "character_set_server"',
    'SHOW DATABASES',
    'SELECT `SCHEMA_NAME` FROM `INFORMATION_SCHEMA`.`SCHEMATA`',
    'SELECT `CHARACTER_SET_NAME` AS `Charset`, `DESCRIPTION` AS `Description` FROM `information_schema`.`CHARACTER_SETS`',
    'SELECT `COLLATION_NAME` AS `Collation`, `CHARACTER_SET_NAME` AS `Charset`, `ID` AS `Id`, `IS_DEFAULT` AS `Default`, `IS_COMPILED` AS `Compiled`, `SORTLEN` AS `Sortlen` FROM `information_schema`.`COLLATIONS`',
    'SHOW STORAGE ENGINES',
    "USE `$database`",
    "SHOW FULL TABLES FROM `$database`",
    "SHOW TABLES FROM `$database`",
    "SHOW TABLE STATUS FROM `$database`",
    "SHOW TABLE STATUS FROM `$database` LIKE 'customers%'",
    "SHOW COLUMNS FROM `$database`.`customers`",
    "SHOW FULL COLUMNS FROM `$database`.`customers`",
    "SHOW INDEXES FROM `$database`.`customers`",
    "SHOW CREATE TABLE `$database`.`customers`",
    "SELECT COUNT(*) FROM `$database`.`customers`",
    'SELECT * FROM `customers` LIMIT 0, 25',
    "SELECT `TABLE_NAME`, `TABLE_TYPE` FROM `information_schema`.`TABLES` WHERE `TABLE_SCHEMA` = '$database'",
    'SELECT `id`, `email` FROM `customers` ORDER BY `email` DESC LIMIT 0, 5',
];
foreach ($questions as $question) {
    $result = mysqli_query($link, $question);
    if ($result === false) {
        echo 'refused: ', $question, ': ', mysqli_errno($link), ' ', mysqli_error($link), "\n";
    } elseif ($result instanceof mysqli_result) {
        while ($row = mysqli_fetch_row($result)) {
            if (str_contains($question, 'email') || str_contains($question, '*')) {
                echo implode('|', array_map(fn ($value) => (string) $value, $row)), "\n";
            }
        }
    }
}
$statement = mysqli_prepare($link, 'SELECT `name` FROM `customers` WHERE `id` = ?');
$id = 7;
mysqli_stmt_bind_param($statement, 'i', $id);
mysqli_stmt_execute($statement);
echo 'prepared: ', implode('|', mysqli_stmt_get_result($statement)->fetch_row()), "\n";
echo 'alive: ', var_export(mysqli_ping($link), true), ' ', mysqli_stat($link) !== false ? 'stat' : 'no stat', "\n";
