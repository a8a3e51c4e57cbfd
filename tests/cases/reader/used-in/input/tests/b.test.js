stream.write('of a stream')
