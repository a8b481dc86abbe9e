// Words in English: tour.

export const tour = {
  title: 'First steps',
  step: 'Step {{at}} of {{of}}',
  skip: 'Skip',
  back: 'Back',
  next: 'Next',
  done: 'Done',
  user_one_title: 'Open a database with one click',
  user_one_text:
    'Below are the databases that you may use. Open starts the SQL editor; beside it you copy the connection for psql, mysql, JDBC or DBeaver.',
  user_two_title: 'A token is your password for programs',
  user_two_text:
    'Your own program signs in with your name and a token. Make one with the key beside the database; it is shown once.',
  user_three_title: 'A lock means masked, and a refusal says what to do',
  user_three_text:
    'Columns with a lock come masked, and your query still runs. What needs an approval offers you the request. Ctrl-K finds everything.',
  administrator_one_title: 'Add a database',
  administrator_one_text:
    'Targets are the databases behind the checkpoint. Add one, test it, and tag the columns that nobody should see in clear.',
  administrator_two_title: 'Say who may do what',
  administrator_two_text:
    'Policies permit groups to connect, to read, to change. What no policy permits is refused; what a tag hides stays masked.',
  administrator_three_title: 'See what happened',
  administrator_three_text:
    'Everything stands in the audit before it happens. Search it by user:name, table:name or refused. Ctrl-K finds everything.',
}
