moved {
  from = aws_subnet.isolated
  to   = aws_subnet.private
}

moved {
  from = aws_route_table_association.isolated
  to   = aws_route_table_association.private
}
