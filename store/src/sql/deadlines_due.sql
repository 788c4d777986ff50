SELECT stream, due, command, cause FROM deadlines WHERE due <= $1 ORDER BY due, stream DESC LIMIT $2
